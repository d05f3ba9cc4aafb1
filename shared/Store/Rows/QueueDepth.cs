namespace Millrace.Store.Rows;

/// <summary>How many tasks of a queue are in each state, at one moment.</summary>
internal sealed record QueueDepth
{
    public required string QueueName { get; init; }

    public required bool Paused { get; init; }

    public required long Pending { get; init; }

    public required long Scheduled { get; init; }

    public required long Retrying { get; init; }

    public required long Blocked { get; init; }

    public required long Dispatched { get; init; }

    public required long Running { get; init; }

    public required long Failed { get; init; }

    /// <summary>The pending ones by priority; index 0 is priority 1.</summary>
    public required long[] PendingByPriority { get; init; }
}
