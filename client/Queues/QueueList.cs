namespace Millrace.Client;

/// <summary>The queues.</summary>
internal sealed record QueueList
{
    public IReadOnlyList<QueueInfo> Queues { get; init => field = value ?? []; } = [];

    public int Count { get; init; }
}
