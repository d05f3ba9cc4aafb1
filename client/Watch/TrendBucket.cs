using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Client;

/// <summary>What happened in one piece of time.</summary>
public sealed record TrendBucket
{
    /// <summary>Its beginning.</summary>
    public DateTimeOffset At { get; init; }

    public long Submissions { get; init; }

    public long Completions { get; init; }

    /// <summary>Attempts, retried ones too.</summary>
    public long Failures { get; init; }

    /// <summary>What else the API says of it, by name.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? More { get; set; }
}
