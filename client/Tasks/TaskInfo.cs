using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Millrace.Client;

/// <summary>
/// A task as the API shows it. A list leaves out the attempts, and JSON above 4 kB (named in <see cref="Omitted"/>); the task read alone
/// has all of it.
/// </summary>
public sealed record TaskInfo
{
    public Guid Id { get; init; }

    public string Type { get; init => field = value ?? string.Empty; } = string.Empty;

    public string QueueName { get; init => field = value ?? string.Empty; } = string.Empty;

    /// <summary>One of <see cref="TaskStates"/>.</summary>
    public string Status { get; init => field = value ?? string.Empty; } = string.Empty;

    public int Priority { get; init; }

    public JsonElement? Data { get; init; }

    public JsonElement? Result { get; init; }

    public JsonElement? Context { get; init; }

    /// <summary>What the handler said last about how far it has come.</summary>
    public JsonElement? Progress { get; init; }

    public IReadOnlyList<string>? Tags { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset DueAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Attempts that have ended and counted since the last replay.</summary>
    public int AttemptCount { get; init; }

    public int MaxRetries { get; init; }

    [JsonPropertyName("retry_delay_seconds")]
    [JsonConverter(typeof(SecondsConverter))]
    public TimeSpan RetryDelay { get; init; }

    public double RetryBackoff { get; init; }

    [JsonPropertyName("max_retry_delay_seconds")]
    [JsonConverter(typeof(SecondsConverter))]
    public TimeSpan MaxRetryDelay { get; init; }

    [JsonPropertyName("timeout_seconds")]
    [JsonConverter(typeof(SecondsConverter))]
    public TimeSpan Timeout { get; init; }

    /// <summary>Of the last attempt that failed, even when a later one succeeded.</summary>
    public string? ErrorType { get; init; }

    public string? ErrorMessage { get; init; }

    public string? Traceback { get; init; }

    /// <summary>exhausted, rejected, unreadable, poison or interrupted, of a failed task.</summary>
    public string? DeathReason { get; init; }

    /// <summary>The executor that has it, or had it last.</summary>
    public Guid? Worker { get; init; }

    public int Crashes { get; init; }

    public int Replays { get; init; }

    public bool CancelRequested { get; init; }

    public long? TicketId { get; init; }

    public string? Traceparent { get; init; }

    public string? ExternalId { get; init; }

    [JsonPropertyName("result_ttl_seconds")]
    [JsonConverter(typeof(SecondsConverter))]
    public TimeSpan? ResultTtl { get; init; }

    public DateTimeOffset? ResultExpiresAt { get; init; }

    /// <summary>What its failure has in common with others; see <see cref="MillraceClient.ListFailuresAsync"/>.</summary>
    public string? Fingerprint { get; init; }

    public IReadOnlyList<AttemptInfo>? Attempts { get; init; }

    public IReadOnlyList<string>? Omitted { get; init; }

    /// <summary>The version that was read, for edits that must not overwrite somebody else's; null in lists.</summary>
    [JsonIgnore]
    public string? ETag { get; init; }

    [JsonIgnore]
    public bool HasEnded => TaskStates.IsEnd(Status);

    /// <summary>The result as a type of yours; default when there is none.</summary>
    /// <exception cref="JsonException">It has another shape.</exception>
    public T? ReadResult<T>(JsonTypeInfo<T> format) => Result is { } result ? result.Deserialize(format) : default;

    /// <summary>The data as a type of yours; default when there are none.</summary>
    /// <exception cref="JsonException">They have another shape.</exception>
    public T? ReadData<T>(JsonTypeInfo<T> format) => Data is { } data ? data.Deserialize(format) : default;
}
