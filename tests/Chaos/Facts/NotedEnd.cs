namespace Millrace.Tests.Chaos.Facts;

/// <summary>An end of a task as PostgreSQL wrote it down in the transaction that recorded it. Nobody changes it afterwards.</summary>
/// <param name="Id">The task.</param>
/// <param name="Place">Finished or dead.</param>
/// <param name="At">When it was committed, in monotonic nanoseconds.</param>
/// <param name="UndoneAt">When a death was taken back; none if it was not.</param>
internal sealed record NotedEnd(Guid Id, RowPlace Place, long At, long? UndoneAt = null);
