namespace Millrace.Client;

/// <summary>How many tasks of a queue are in each state; <see cref="Depth"/> is what is due and waits.</summary>
public sealed record QueueDepth
{
    public string QueueName { get; init => field = value ?? string.Empty; } = string.Empty;

    public bool Paused { get; init; }

    public long Depth { get; init; }

    public long Pending { get; init; }

    public long Scheduled { get; init; }

    public long Retrying { get; init; }

    public long Blocked { get; init; }

    public long Dispatched { get; init; }

    public long Running { get; init; }

    public long Failed { get; init; }

    /// <summary>The pending ones, by priority.</summary>
    public IReadOnlyDictionary<string, long> PendingByPriority { get; init => field = value ?? new Dictionary<string, long>(); } = new Dictionary<string, long>();
}
