namespace Millrace.Store.Rows;

/// <summary>A line that a handler logged, as it is kept. <see cref="Seq"/> orders the lines of a task.</summary>
internal readonly record struct StoredLogLine(long Seq, DateTime At, short Attempt, string Level, string Message);
