using Millrace.Store.Rows;

namespace Millrace.Api.Views;

/// <summary>
/// The books of one queue: accepted + replayed_into + rerun_into + moved_into - moved = live + succeeded + failed + cancelled + expired.
/// Each death counts as failed.
/// </summary>
internal sealed record LedgerQueueView(
    string QueueName, bool Clean, long Accepted, long Live, long Finished, long Dead, long Succeeded, long Failed, long Cancelled,
    long Expired, long Replayed, long ReplayedInto, long Rerun, long RerunInto, long Moved, long MovedInto, long Deleted, long Dropped)
{
    internal static LedgerQueueView From(LedgerLine line, bool clean) => new(
        line.QueueName, clean, line.Accepted, line.LiveRows, line.FinishedRows, line.DeadRows, line.Succeeded, line.Failed,
        line.Cancelled, line.Expired, line.ReplayedFrom, line.ReplayedInto,
        line.RerunFrom, line.RerunInto, line.MovedFrom, line.MovedInto, line.Deleted, line.DroppedFinished + line.DroppedDead);
}
