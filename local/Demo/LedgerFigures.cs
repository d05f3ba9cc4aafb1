namespace Millrace.Local.Demo;

/// <summary>What was accepted against where it is.</summary>
/// <param name="Dropped">Finished tasks that the retention has removed.</param>
/// <param name="Twice">Tasks that are in two places, or rows of a run that were submitted twice.</param>
internal sealed record LedgerFigures(
    long Accepted, long Live, long Succeeded, long Failed, long Cancelled, long Expired, long Dropped, long Twice)
{
    internal bool IsClean => Twice == 0 && Accepted == Live + Succeeded + Failed + Cancelled + Expired + Dropped;
}
