using System.Text.Json;

namespace Millrace.Handlers;

/// <summary>The data of <c>http_request</c>.</summary>
/// <param name="Url">An absolute http or https address.</param>
/// <param name="Method">GET when left out.</param>
/// <param name="Headers">Headers to send.</param>
/// <param name="Body">Sent as JSON.</param>
internal sealed record HttpRequestData(
    string Url, string? Method = null, IReadOnlyDictionary<string, string>? Headers = null, JsonElement? Body = null);
