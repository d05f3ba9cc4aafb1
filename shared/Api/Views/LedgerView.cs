namespace Millrace.Api.Views;

/// <summary>The ledger at one moment. Clean means that every count agrees and no rule is broken.</summary>
internal sealed record LedgerView(
    bool Clean, DateTime At, IReadOnlyList<string> Faults, IReadOnlyList<OffenderView> Offenders, IReadOnlyList<LedgerQueueView> Queues);
