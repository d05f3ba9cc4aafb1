namespace Millrace.Client;

/// <summary>The books at one moment. Clean means that every count agrees and no rule is broken.</summary>
public sealed record Ledger
{
    public bool Clean { get; init; }

    public DateTimeOffset At { get; init; }

    public IReadOnlyList<string> Faults { get; init => field = value ?? []; } = [];

    /// <summary>Up to 100 that break a rule.</summary>
    public IReadOnlyList<LedgerOffender> Offenders { get; init => field = value ?? []; } = [];

    public IReadOnlyList<LedgerQueue> Queues { get; init => field = value ?? []; } = [];
}
