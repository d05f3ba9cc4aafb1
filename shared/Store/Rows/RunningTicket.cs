using Millrace.Lifecycle;

namespace Millrace.Store.Rows;

/// <summary>A ticket in an executor's hands.</summary>
internal readonly record struct RunningTicket(TicketId Id, string QueueName, ExecutorId Executor);
