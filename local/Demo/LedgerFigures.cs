using Millrace.Store.Rows;

namespace Millrace.Local.Demo;

/// <summary>What was accepted against where it is.</summary>
/// <param name="Removed">Dead letters that were deleted, or dropped with age.</param>
/// <param name="Twice">Rows of a run that were submitted twice.</param>
/// <param name="Faults">What the ledger finds wrong, in sentences.</param>
internal sealed record LedgerFigures(
    long Accepted, long Live, long Succeeded, long Failed, long Cancelled, long Expired, long Removed, long Twice, IReadOnlyList<string> Faults)
{
    internal bool IsClean => Faults.Count == 0 && Twice == 0 && Accepted == Live + Succeeded + Failed + Cancelled + Expired + Removed;

    /// <summary>Null for a queue that has accepted nothing.</summary>
    internal static LedgerFigures Of(LedgerLine? line, IReadOnlyList<string> faults, long twice) => line is null
        ? new(0, 0, 0, 0, 0, 0, 0, twice, faults)
        : new(
            line.Accepted, line.LiveRows, line.Succeeded, line.DeadRows, line.Cancelled, line.Expired, line.Deleted + line.DroppedDead, twice, faults);
}
