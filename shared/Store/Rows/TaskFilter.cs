using Millrace.Lifecycle;

namespace Millrace.Store.Rows;

/// <summary>Which tasks a search finds, newest id first. What is null does not filter.</summary>
internal sealed record TaskFilter
{
    public TaskState? State { get; init; }

    public string? Type { get; init; }

    public string? QueueName { get; init; }

    public string? ExternalId { get; init; }

    /// <summary>Of a dead letter's failure, or of the last failure of a task that is tried again.</summary>
    public string? Fingerprint { get; init; }

    public short? Priority { get; init; }

    public string? Tag { get; init; }

    /// <summary>Of the last attempt.</summary>
    public string? ErrorType { get; init; }

    /// <summary>Included.</summary>
    public DateTimeOffset? CreatedAfter { get; init; }

    /// <summary>Not included.</summary>
    public DateTimeOffset? CreatedBefore { get; init; }

    /// <summary>A part of the error type or message of any attempt, in any letter case.</summary>
    public string? Text { get; init; }

    /// <summary>Values that the task's data have at paths; all of them.</summary>
    public IReadOnlyList<DataPath> Data { get; init; } = [];

    /// <summary>Only tasks that are in no ticket: blocked, scheduled, pending or retrying.</summary>
    public bool WaitingOnly { get; init; }

    /// <summary>Only tasks in these places; all places when null.</summary>
    public IReadOnlyList<TaskPlace>? Places { get; init; }

    /// <summary>Tasks of this type are passed over.</summary>
    public string? ButType { get; init; }

    /// <summary>Only tasks that were in their place by then: submitted, finished or dead.</summary>
    public DateTime? ThereBy { get; init; }

    /// <summary>Only ids below this one.</summary>
    public TaskId? Before { get; init; }

    /// <summary>How many to pass over.</summary>
    public int Skip { get; init; }

    /// <summary>How many to show at most.</summary>
    public required int Limit { get; init; }

    /// <summary>True when no index knows what is looked for, so rows have to be read one by one.</summary>
    internal bool IsDeep => Priority is not null || Tag is not null || ErrorType is not null || CreatedAfter is not null || CreatedBefore is not null
        || Text is not null || Data.Count > 0 || (Fingerprint is not null && State != TaskState.Failed);

    /// <summary>True when every task matches.</summary>
    internal bool IsEmpty => State is null && !WaitingOnly && Type is null && QueueName is null && ExternalId is null && Fingerprint is null && !IsDeep;
}
