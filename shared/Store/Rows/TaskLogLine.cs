using Millrace.Lifecycle;

namespace Millrace.Store.Rows;

/// <summary>A line that a handler logged; its age is measured by the executor and placed by the database's clock.</summary>
internal readonly record struct TaskLogLine(TaskId Task, TicketId Ticket, long AgeMs, short Attempt, string Level, string Message);
