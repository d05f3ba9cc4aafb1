namespace Millrace.Client;

/// <summary>A page of queues, by name, and the sums of all queues.</summary>
public sealed record QueueDepthList
{
    public IReadOnlyList<QueueDepth> Queues { get; init => field = value ?? []; } = [];

    public int Count { get; init; }

    public int Limit { get; init; }

    /// <summary>Leads to the next page; null on the last one.</summary>
    public string? NextCursor { get; init; }

    public long TotalDepth { get; init; }

    public long TotalRunning { get; init; }

    public long TotalFailed { get; init; }
}
