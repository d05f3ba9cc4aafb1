using Microsoft.Extensions.Logging;
using Millrace.Lifecycle;

namespace Millrace.Execute;

public sealed partial class TaskExecutor
{
    [LoggerMessage(3000, LogLevel.Debug, "Ticket {Ticket} with {Tasks} tasks of queue {Queue} is started")]
    private partial void LogStarted(TicketId ticket, int tasks, string queue);

    [LoggerMessage(3001, LogLevel.Debug, "Ticket {Ticket} is closed")]
    private partial void LogClosed(TicketId ticket);

    [LoggerMessage(3002, LogLevel.Debug, "The message of ticket {Ticket} is dropped: it was started or healed before")]
    private partial void LogDuplicate(long ticket);

    [LoggerMessage(3003, LogLevel.Warning, "A message is dropped: it does not name a ticket. It begins with {Start}")]
    private partial void LogUnreadable(string start);

    [LoggerMessage(3004, LogLevel.Warning, "Ticket {Ticket} could not take more work: {Reason}")]
    private partial void LogNoClaim(TicketId ticket, string reason);

    [LoggerMessage(3005, LogLevel.Warning, "Another ticket was not served while handlers run: {Reason}")]
    private partial void LogNotServed(string reason);

    [LoggerMessage(3007, LogLevel.Error, "The work on ticket {Ticket} failed. Its lease ends, and the healer gives its tasks back")]
    private partial void LogTicketFailed(Exception exception, TicketId ticket);

    [LoggerMessage(3006, LogLevel.Debug, "It is not known whether tickets wait: {Reason}")]
    private partial void LogNoAnswer(string reason);
}
