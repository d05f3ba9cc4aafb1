namespace Millrace.Client;

/// <summary>What the last hour cost, idle time included. Processes tell twice a minute.</summary>
public sealed record CostStats
{
    /// <summary>Tasks that ended meanwhile.</summary>
    public long Tasks { get; init; }

    /// <summary>Requests to the storage queues: of each message its put, get and delete.</summary>
    public long StorageQueueCalls { get; init; }

    public long FunctionRuns { get; init; }

    /// <summary>Statements sent to PostgreSQL.</summary>
    public long SqlStatements { get; init; }

    /// <summary>What PostgreSQL wrote ahead, of all its databases.</summary>
    public long WalBytes { get; init; }

    /// <summary>The same, by name, divided by the tasks that ended and multiplied by a million; null when none did.</summary>
    public IReadOnlyDictionary<string, long>? PerMillionTasks { get; init; }
}
