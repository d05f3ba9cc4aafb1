using Microsoft.Extensions.Logging;
using Millrace.Lifecycle;

namespace Millrace.Heal;

public sealed partial class TaskHealer
{
    [LoggerMessage(4000, LogLevel.Warning, "Ticket {Ticket} of queue {Queue} is healed: executor {Executor} is dead or cut off, {Near} tasks may have been begun, {Others} were not")]
    private partial void LogCrashed(TicketId ticket, string queue, ExecutorId? executor, int near, int others);

    [LoggerMessage(4001, LogLevel.Information, "Ticket {Ticket} of queue {Queue} is healed: nobody started it, {Tasks} tasks go back")]
    private partial void LogNeverStarted(TicketId ticket, int tasks, string queue);

    [LoggerMessage(4002, LogLevel.Information, "A day with {Count} finished tasks, older than {Days} days, is dropped")]
    private partial void LogDropped(long count, int days);

    [LoggerMessage(4003, LogLevel.Warning, "A poison message is dropped: it does not name a ticket. It begins with {Start}")]
    private partial void LogUnreadable(string start);

    [LoggerMessage(4004, LogLevel.Error, "{Count} tasks were claimed by tickets that do not exist; they go back. Please report it: this should not happen")]
    private partial void LogOrphans(int count);

    [LoggerMessage(4005, LogLevel.Debug, "Ticket {Ticket} is healed: it was empty")]
    private partial void LogEmpty(TicketId ticket);

    [LoggerMessage(4006, LogLevel.Warning, "No partition is made or dropped this time, for somebody reads for long; the next housekeeping tries again: {Reason}")]
    private partial void LogDaysStay(string reason);

    [LoggerMessage(4007, LogLevel.Error, "Ticket {Ticket} could not be healed now; the next pass tries again in {Seconds} s")]
    private partial void LogNotHealed(Exception exception, TicketId ticket, double seconds);

    [LoggerMessage(4009, LogLevel.Warning, "Ticket {Ticket} could not be healed yet, it is tried again at once: {Reason}")]
    private partial void LogNotHealedYet(TicketId ticket, string reason);

    [LoggerMessage(4011, LogLevel.Warning, "Attempts that were charged for executors that live could not be given back now; the next pass tries again")]
    private partial void LogNotAnnulled(Exception exception);

    [LoggerMessage(4008, LogLevel.Error, "Task {Task} of queue {Queue} kills the process that runs it; {Others} tasks that were near are cleared")]
    private partial void LogGuilty(TaskId task, string queue, int others);
}
