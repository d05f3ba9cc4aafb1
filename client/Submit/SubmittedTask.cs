using System.Text.Json.Serialization;

namespace Millrace.Client;

/// <summary>A task that is committed: it will end, whatever is killed meanwhile.</summary>
public sealed record SubmittedTask
{
    public Guid Id { get; init; }

    public string Type { get; init => field = value ?? string.Empty; } = string.Empty;

    public string QueueName { get; init => field = value ?? string.Empty; } = string.Empty;

    /// <summary>One of <see cref="TaskStates"/>.</summary>
    public string Status { get; init => field = value ?? string.Empty; } = string.Empty;

    public int Priority { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset DueAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public int MaxRetries { get; init; }

    [JsonPropertyName("timeout_seconds")]
    [JsonConverter(typeof(SecondsConverter))]
    public TimeSpan Timeout { get; init; }

    public IReadOnlyList<string>? Tags { get; init; }

    public string? ExternalId { get; init; }

    [JsonPropertyName("result_ttl_seconds")]
    [JsonConverter(typeof(SecondsConverter))]
    public TimeSpan? ResultTtl { get; init; }

    /// <summary>The task was accepted before, under the same key or external id; this is the first one.</summary>
    [JsonIgnore]
    public bool IsReplayed { get; init; }
}
