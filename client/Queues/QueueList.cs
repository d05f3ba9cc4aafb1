namespace Millrace.Client;

/// <summary>A page of queues, by name.</summary>
internal sealed record QueueList
{
    public IReadOnlyList<QueueInfo> Queues { get; init => field = value ?? []; } = [];

    public int Count { get; init; }

    public int Limit { get; init; }

    /// <summary>Leads to the next page; null on the last one.</summary>
    public string? NextCursor { get; init; }
}
