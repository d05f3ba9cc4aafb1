namespace Millrace.Client;

/// <summary>Some of the queues.</summary>
internal sealed record QueueList
{
    public IReadOnlyList<QueueInfo> Queues { get; init => field = value ?? []; } = [];

    public string? NextCursor { get; init; }
}
