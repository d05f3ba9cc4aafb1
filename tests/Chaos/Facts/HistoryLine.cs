namespace Millrace.Tests.Chaos.Facts;

/// <summary>An attempt that did not succeed, from a task's history.</summary>
/// <param name="Attempt">Its number.</param>
/// <param name="Outcome">Failed or crashed.</param>
/// <param name="ExecutorId">Whose ticket held it.</param>
/// <param name="EndedAt">When it was written, in monotonic nanoseconds; none where that is not known.</param>
internal sealed record HistoryLine(int Attempt, string Outcome, Guid? ExecutorId, long? EndedAt = null);
