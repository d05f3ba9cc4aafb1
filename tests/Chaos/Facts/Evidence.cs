using Millrace.Tests.Chaos.Witnessing;

namespace Millrace.Tests.Chaos.Facts;

/// <summary>Everything that a try has left behind: what was answered, what was seen, and what is written.</summary>
internal sealed record Evidence
{
    internal required FaultSpan Fault { get; init; }

    internal Expectation Expected { get; init; } = new();

    internal required IReadOnlyList<WitnessLine> Witness { get; init; }

    internal required IReadOnlyList<SentTask> Accepted { get; init; }

    internal IReadOnlyList<ProbeRefusal> Refusals { get; init; } = [];

    internal IReadOnlyList<CancelAnswer> Cancelled { get; init; } = [];

    /// <summary>Whoever a cancel was sent for, whatever the answer.</summary>
    internal IReadOnlySet<Guid> CancelsAsked { get; init; } = new HashSet<Guid>();

    internal IReadOnlyList<PauseSpan> Paused { get; init; } = [];

    internal IReadOnlyList<FrozenSpan> Frozen { get; init; } = [];

    internal IReadOnlyList<ProcessEnd> Ended { get; init; } = [];

    internal IReadOnlyList<UnansweredStop> Unstopped { get; init; } = [];

    internal required IReadOnlyList<TaskRow> Rows { get; init; }

    /// <summary>Every end that was ever recorded, as far as PostgreSQL has noted it.</summary>
    internal IReadOnlyList<NotedEnd> Ends { get; init; } = [];

    /// <summary>Every line that was ever in a history, as far as PostgreSQL has noted it.</summary>
    internal IReadOnlyList<NotedLine> Lines { get; init; } = [];

    /// <summary>The process of every executor that has ever registered.</summary>
    internal IReadOnlyDictionary<Guid, int> Executors { get; init; } = new Dictionary<Guid, int>();

    /// <summary>What counted as begun, and since when.</summary>
    internal IReadOnlyList<NotedSpan> Noted { get; init; } = [];

    /// <summary>What the ledger found wrong after the drain, in its own sentences.</summary>
    internal IReadOnlyList<string> LedgerFaults { get; init; } = [];

    /// <summary>When the last look was taken.</summary>
    internal required long Until { get; init; }
}
