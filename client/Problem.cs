using System.Text.Json.Serialization;

namespace Millrace.Client;

/// <summary>What the API says when it refuses (RFC 9457).</summary>
public sealed record Problem
{
    private const string Prefix = "urn:millrace:problem:";

    /// <summary>Stable, like <c>urn:millrace:problem:task-not-found</c>.</summary>
    public string Type { get; init => field = value ?? string.Empty; } = string.Empty;

    /// <summary>What is wrong, in a sentence.</summary>
    public string Title { get; init => field = value ?? string.Empty; } = string.Empty;

    /// <summary>The status of HTTP.</summary>
    public int Status { get; init; }

    /// <summary>What to send instead.</summary>
    public string Detail { get; init => field = value ?? string.Empty; } = string.Empty;

    /// <summary>All faults of the request, by field.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>The end of <see cref="Type"/>, like <c>task-not-found</c>; empty when the problem is not Millrace's.</summary>
    [JsonIgnore]
    public string Slug => Type.StartsWith(Prefix, StringComparison.Ordinal) ? Type[Prefix.Length..] : string.Empty;
}
