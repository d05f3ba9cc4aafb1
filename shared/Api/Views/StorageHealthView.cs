namespace Millrace.Api.Views;

/// <summary>Whether the storage queues answer this process, and how many messages wait in each, as the service estimates.</summary>
internal sealed record StorageHealthView(string Status, bool Reachable)
{
    public double? LatencyMs { get; init; }

    public IReadOnlyList<StorageQueueView>? Queues { get; init; }
}
