namespace Millrace.Api.Requests;

/// <summary>What a Content-Type header names, whatever its parameters.</summary>
internal static class MediaType
{
    internal static bool Is(string? contentType, string expected) =>
        contentType is not null
        && contentType.AsSpan().TrimStart().StartsWith(expected, StringComparison.OrdinalIgnoreCase)
        && contentType.AsSpan().Trim()[expected.Length..].TrimStart() is "" or [';', ..];
}
