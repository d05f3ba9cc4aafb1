namespace Millrace.Queues;

/// <summary>The storage queues. They are constants because the triggers name them in attributes.</summary>
public static class QueueNames
{
    /// <summary>Tickets.</summary>
    public const string Tickets = "millrace-tickets";

    /// <summary>Tickets that hold a task of high or critical priority.</summary>
    public const string Urgent = "millrace-urgent";

    /// <summary>Delayed messages that wake a pass at its due time.</summary>
    public const string Wakes = "millrace-wakes";

    /// <summary>Ticket messages that the host gave up on.</summary>
    public const string TicketsPoison = Tickets + "-poison";

    /// <summary>Urgent ticket messages that the host gave up on.</summary>
    public const string UrgentPoison = Urgent + "-poison";

    /// <summary>Wakes that the host gave up on.</summary>
    public const string WakesPoison = Wakes + "-poison";

    internal static readonly string[] All = [Tickets, Urgent, Wakes, TicketsPoison, UrgentPoison, WakesPoison];
}
