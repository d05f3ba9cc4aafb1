using System.ComponentModel.DataAnnotations;
using Millrace.Store.Rows;

namespace Millrace.Dispatch;

/// <summary>How work is cut into tickets. Section <c>Millrace:Dispatch</c>.</summary>
internal sealed class DispatchOptions
{
    /// <summary>How many tickets of one queue may wait for an executor; more would only outrun the priorities.</summary>
    [Range(1, 1_000)]
    public int QueuedTickets { get; set; } = 16;

    /// <summary>
    /// Tickets of how many queues may wait, about, before those of a caller who fills many queues at once wait for room: what comes later starts
    /// behind what waits. A queue that has work alone always gets its tickets.
    /// </summary>
    [Range(2, 100_000)]
    public int QueuedTicketsInAll { get; set; } = 128;

    /// <summary>
    /// How many tasks may lie in them, about. Few: what lies in tickets that wait is in the way of claims, and whoever works one off takes more by itself,
    /// without the cost of a ticket.
    /// </summary>
    [Range(1, 100_000)]
    public int QueuedTasks { get; set; } = 500;

    /// <summary>How much work, in seconds of handler time, one ticket should hold.</summary>
    [Range(0.1, 600)]
    public double TicketSeconds { get; set; } = 2;

    /// <summary>The most tasks in one ticket. Few: whoever works it off takes more by itself, and what lies in tickets that wait is in the way of claims.</summary>
    [Range(1, 5_000)]
    public int LargestTicket { get; set; } = 100;

    /// <summary>Tasks in a ticket of a queue whose run times are not known yet.</summary>
    [Range(1, 5_000)]
    public int FirstTicket { get; set; } = 50;

    /// <summary>How long a ticket waits for an executor before its tasks go back, in seconds.</summary>
    [Range(1, 3_600)]
    public double QueuedLeaseSeconds { get; set; } = 15;

    internal TimeSpan QueuedLease => TimeSpan.FromSeconds(QueuedLeaseSeconds);

    /// <summary>How many tickets of the queue may wait: fewer when each holds many tasks.</summary>
    internal int MostTickets(double? meanRunMs) => Math.Clamp(QueuedTasks / TicketSize(meanRunMs), 1, QueuedTickets);

    /// <summary>Many short tasks together, a long one alone.</summary>
    internal int TicketSize(double? meanRunMs) => meanRunMs is { } mean
        ? (int)Math.Clamp(TicketSeconds * 1000 / Math.Max(mean, 0.01), 1, LargestTicket)
        : FirstTicket;
}
