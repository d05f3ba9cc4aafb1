namespace Millrace.Client;

/// <summary>
/// The books of one queue: accepted + replayed into + rerun into + moved into - moved = live + succeeded + failed + cancelled + expired.
/// Each death counts as failed.
/// </summary>
public sealed record LedgerQueue
{
    public string QueueName { get; init => field = value ?? string.Empty; } = string.Empty;

    public bool Clean { get; init; }

    public long Accepted { get; init; }

    public long Live { get; init; }

    public long Finished { get; init; }

    public long Dead { get; init; }

    public long Succeeded { get; init; }

    public long Failed { get; init; }

    public long Cancelled { get; init; }

    public long Expired { get; init; }

    public long Replayed { get; init; }

    public long ReplayedInto { get; init; }

    public long Rerun { get; init; }

    public long RerunInto { get; init; }

    public long Moved { get; init; }

    public long MovedInto { get; init; }

    public long Deleted { get; init; }

    public long Dropped { get; init; }
}
