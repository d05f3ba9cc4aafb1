using Millrace.Lifecycle;

namespace Millrace.Store.Rows;

/// <summary>A task wherever it is: live, finished or dead. JSON is UTF-8, to the letter; times are UTC by the database's clock.</summary>
internal sealed record StoredTask
{
    public required TaskId Id { get; init; }

    public required string Type { get; init; }

    public required string QueueName { get; init; }

    public required TaskState State { get; init; }

    public required short Priority { get; init; }

    public required byte[]? Data { get; init; }

    public required byte[]? Result { get; init; }

    public required byte[]? Context { get; init; }

    public required byte[]? Progress { get; init; }

    public required string[]? Tags { get; init; }

    public required DateTime CreatedAt { get; init; }

    public required DateTime DueAt { get; init; }

    public required DateTime? ExpiresAt { get; init; }

    /// <summary>Start of the last attempt. While it runs: when its ticket or the task began, whichever was later.</summary>
    public required DateTime? StartedAt { get; init; }

    public required DateTime? FinishedAt { get; init; }

    /// <summary>Attempts that did not succeed, oldest first; in a list only the last, without its trace.</summary>
    public required IReadOnlyList<AttemptEntry> History { get; init; }

    public required short Attempts { get; init; }

    public required short Crashes { get; init; }

    public required short Replays { get; init; }

    public required RetryPolicy Retries { get; init; }

    public required int TimeoutSeconds { get; init; }

    public required Guid? ExecutorId { get; init; }

    public required bool CancelRequested { get; init; }

    public required long? TicketId { get; init; }

    public required string? TraceParent { get; init; }

    /// <summary>Why it was dead lettered, where it was.</summary>
    public required string? DeathReason { get; init; }

    /// <summary>The caller's own name for the task, where it gave one.</summary>
    public required string? ExternalId { get; init; }

    public required int? ResultTtlSeconds { get; init; }

    /// <summary>From then on the result is not shown.</summary>
    public required DateTime? ResultExpiresAt { get; init; }

    /// <summary>What a dead letter's failure has in common with others.</summary>
    public required string? Fingerprint { get; init; }

    /// <summary>Another after each change of the row, or of its ticket's.</summary>
    public required string Version { get; init; }

    /// <summary>Fields too large for a list; empty for a task that was read alone.</summary>
    public required IReadOnlyList<string> Omitted { get; init; }
}
