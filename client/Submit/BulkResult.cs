namespace Millrace.Client;

/// <summary>What became of a stream of tasks. Duplicates were accepted before, under the same key or external id.</summary>
public sealed record BulkResult
{
    public long Accepted { get; init; }

    public long Duplicates { get; init; }

    public long RefusedCount { get; init; }

    /// <summary>Lines that were read.</summary>
    public long Lines { get; init; }

    /// <summary>Lines up to this one are accepted or refused for good.</summary>
    public long CommittedThroughLine { get; init; }

    /// <summary>The refused lines whose faults are told: up to 100 faults of a stream are.</summary>
    public IReadOnlyList<RefusedLine> Refused { get; init => field = value ?? []; } = [];

    /// <summary>How many faults are not told; null when all are.</summary>
    public string? More { get; init; }

    /// <summary>Why the stream ended early.</summary>
    public Problem? Problem { get; init; }
}
