namespace Millrace.Client;

/// <summary>Whether the storage queues answer the app, and how many messages wait in each, as the service estimates.</summary>
public sealed record StorageHealth
{
    public string Status { get; init => field = value ?? string.Empty; } = string.Empty;

    public bool Reachable { get; init; }

    public double? LatencyMs { get; init; }

    public IReadOnlyList<StorageQueue>? Queues { get; init; }
}
