using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Millrace.Api.Requests;

/// <summary>The name of one request, for logs on both sides.</summary>
internal static class RequestId
{
    internal const string Header = "x-request-id";
    internal const int Longest = 128;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:/+=-");

    /// <summary>The client's own, when it can stand in a header and a log as it is; else a new one.</summary>
    internal static string Of(HttpRequest request, TimeProvider clock)
    {
        var given = request.Headers[Header];
        return given is [{ Length: > 0 and <= Longest } id] && !id.AsSpan().ContainsAnyExcept(Allowed)
            ? id
            : Guid.CreateVersion7(clock.GetUtcNow()).ToString();
    }
}
