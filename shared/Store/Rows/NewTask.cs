using Millrace.Lifecycle;

namespace Millrace.Store.Rows;

/// <summary>A task as it is accepted. <see cref="Data"/> and <see cref="Context"/> are JSON as UTF-8, to the letter.</summary>
internal sealed record NewTask
{
    public required TaskId Id { get; init; }

    public required string Type { get; init; }

    public required string QueueName { get; init; }

    public required short Priority { get; init; }

    /// <summary>A fixed due time; null means <see cref="DelaySeconds"/> from the database's now.</summary>
    public DateTimeOffset? ScheduledAt { get; init; }

    public double DelaySeconds { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public required RetryPolicy Retries { get; init; }

    public required int TimeoutSeconds { get; init; }

    public required byte[] Data { get; init; }

    public byte[]? Context { get; init; }

    public string[]? Tags { get; init; }

    public string? TraceParent { get; init; }

    /// <summary>The caller's own name for the task. No second task is accepted under it.</summary>
    public string? ExternalId { get; init; }

    /// <summary>How long the result is shown after the end; null while the task itself is.</summary>
    public int? ResultTtlSeconds { get; init; }

    /// <summary>Under which this submission is known; none for most.</summary>
    public IReadOnlyList<IdempotencyKey> Keys { get; init; } = [];
}
