using Millrace.Lifecycle;

namespace Millrace.Store.Rows;

/// <summary>A handler's last progress, as JSON.</summary>
internal readonly record struct TaskReport(TaskId Task, TicketId Ticket, byte[] Progress);
