using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Client;

/// <summary>One reason, as a stable word and as a sentence, with the facts behind it.</summary>
public sealed record TaskReason
{
    public string Reason { get; init => field = value ?? string.Empty; } = string.Empty;

    public string Detail { get; init => field = value ?? string.Empty; } = string.Empty;

    /// <summary>By name.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Facts { get; set; }
}
