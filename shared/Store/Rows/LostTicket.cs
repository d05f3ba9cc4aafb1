using Millrace.Lifecycle;

namespace Millrace.Store.Rows;

/// <summary>A ticket that the healer has taken over.</summary>
/// <param name="Id">The ticket.</param>
/// <param name="QueueName">Its queue.</param>
/// <param name="Executor">Who had started it.</param>
/// <param name="AgeMs">Milliseconds since then; null when nobody had.</param>
internal readonly record struct LostTicket(TicketId Id, string QueueName, ExecutorId? Executor, long? AgeMs);
