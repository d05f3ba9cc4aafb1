namespace Millrace.Client;

/// <summary>A queue: what is set, and its tasks by status, up to a second old. <see cref="Depth"/> is what is due and waits.</summary>
public sealed record QueueInfo
{
    public string Name { get; init => field = value ?? string.Empty; } = string.Empty;

    /// <summary>Nothing of it is started.</summary>
    public bool Paused { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>A submission beyond this many waiting tasks is refused; null for no limit.</summary>
    public int? MaxDepth { get; init; }

    /// <summary>Of its recent tasks.</summary>
    public double? MeanRunMs { get; init; }

    public long Depth { get; init; }

    public long Pending { get; init; }

    public long Scheduled { get; init; }

    public long Retrying { get; init; }

    public long Blocked { get; init; }

    public long Dispatched { get; init; }

    public long Running { get; init; }

    public long Failed { get; init; }
}
