namespace Millrace.Tests.Chaos.Facts;

/// <summary>What PostgreSQL holds of a task in the end.</summary>
/// <param name="Place">The table.</param>
/// <param name="Id">The task.</param>
/// <param name="Outcome">Succeeded, cancelled, or the reason of its death; empty while it is live.</param>
/// <param name="Attempts">As counted.</param>
/// <param name="RecordedAt">When the row was committed, in monotonic nanoseconds; none while it is live.</param>
/// <param name="History">Its attempts that did not succeed.</param>
internal sealed record TaskRow(RowPlace Place, Guid Id, string Outcome, int Attempts, long? RecordedAt, IReadOnlyList<HistoryLine> History);
