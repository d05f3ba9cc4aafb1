namespace Millrace.Store.Rows;

/// <summary>The books and the offenders, read from one snapshot.</summary>
internal sealed record Ledger(DateTime At, IReadOnlyList<LedgerLine> Lines, IReadOnlyList<Offender> Offenders);
