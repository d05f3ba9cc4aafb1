using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Client;

/// <summary>Dead letters that failed in the same way, whichever task, number or name it was about.</summary>
public sealed record FailureGroup
{
    public string Fingerprint { get; init => field = value ?? string.Empty; } = string.Empty;

    public long Count { get; init; }

    public string? Type { get; init; }

    public string? ErrorType { get; init; }

    /// <summary>Of one of them.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>What else the API says of it, by name.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? More { get; set; }
}
