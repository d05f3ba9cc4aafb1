using System.Text.Json.Serialization;

namespace Millrace.Client;

/// <summary>What happened in each bucket of a window, oldest first, quiet ones included; and in all of it.</summary>
public sealed record Trends
{
    public DateTimeOffset From { get; init; }

    public DateTimeOffset To { get; init; }

    [JsonPropertyName("window_seconds")]
    [JsonConverter(typeof(SecondsConverter))]
    public TimeSpan Window { get; init; }

    [JsonPropertyName("bucket_seconds")]
    [JsonConverter(typeof(SecondsConverter))]
    public TimeSpan Bucket { get; init; }

    /// <summary>Of this type only.</summary>
    public string? Type { get; init; }

    /// <summary>Of this queue only.</summary>
    public string? QueueName { get; init; }

    public IReadOnlyList<TrendBucket> Buckets { get; init => field = value ?? []; } = [];

    public TrendBucket Totals { get; init => field = value ?? new(); } = new();
}
