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

    /// <summary>How many there are in all.</summary>
    internal long Tasks => Pending + Scheduled + Retrying + Blocked + Dispatched + Running + Failed;

    /// <summary>Of a queue in which nothing is.</summary>
    internal static QueueDepth None(string queueName) => new()
    {
        QueueName = queueName,
        Paused = false,
        Pending = 0,
        Scheduled = 0,
        Retrying = 0,
        Blocked = 0,
        Dispatched = 0,
        Running = 0,
        Failed = 0,
        PendingByPriority = new long[10],
    };

    /// <summary>Both together, under the name of this one.</summary>
    internal QueueDepth With(QueueDepth other) => this with
    {
        Pending = Pending + other.Pending,
        Scheduled = Scheduled + other.Scheduled,
        Retrying = Retrying + other.Retrying,
        Blocked = Blocked + other.Blocked,
        Dispatched = Dispatched + other.Dispatched,
        Running = Running + other.Running,
        Failed = Failed + other.Failed,
        PendingByPriority = [.. PendingByPriority.Zip(other.PendingByPriority, static (one, two) => one + two)],
    };

    /// <summary>The pending ones by priority; index 0 is priority 1.</summary>
    public required long[] PendingByPriority { get; init; }
}
