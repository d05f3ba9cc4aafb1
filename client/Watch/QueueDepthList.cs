namespace Millrace.Client;

/// <summary>Every queue, and the sum of their depths.</summary>
public sealed record QueueDepthList
{
    public IReadOnlyList<QueueDepth> Queues { get; init => field = value ?? []; } = [];

    public long TotalDepth { get; init; }

    public long TotalRunning { get; init; }

    public long TotalFailed { get; init; }
}
