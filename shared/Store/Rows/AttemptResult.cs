using Millrace.Lifecycle;

namespace Millrace.Store.Rows;

/// <summary>One thing to write about a claimed task.</summary>
/// <param name="Id">The task.</param>
/// <param name="What">What becomes of it.</param>
/// <param name="AgeMs">Milliseconds since the handler began, as a Stopwatch tells them; null when no attempt was made.</param>
/// <param name="RunMs">Milliseconds that the handler ran.</param>
/// <param name="Place">Its place in the ticket. A task may come into the same ticket twice; a write is about one of these times.</param>
internal readonly record struct AttemptResult(TaskId Id, Transition What, long? AgeMs, long RunMs, int Place);
