using Microsoft.Extensions.Logging;
using Millrace.Lifecycle;

namespace Millrace.Dispatch;

public sealed partial class TaskDispatcher
{
    [LoggerMessage(2000, LogLevel.Debug, "Ticket {Ticket} with {Tasks} tasks of queue {Queue} is sent")]
    private partial void LogSent(TicketId ticket, int tasks, string queue);
}
