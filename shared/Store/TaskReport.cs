using Millrace.Lifecycle;

namespace Millrace.Store;

/// <summary>A handler's last progress, as JSON.</summary>
internal readonly record struct TaskReport(TaskId Task, TicketId Ticket, byte[] Progress);
