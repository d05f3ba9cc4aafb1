namespace Millrace.Store.Rows;

/// <summary>A task and everything that may keep it from running, at one moment. Counts of tasks end at <see cref="MostCounted"/> + 1.</summary>
internal sealed record ExplainFacts
{
    /// <summary>How far a position in a queue is counted.</summary>
    internal const int MostCounted = 10_000;

    public required StoredTask Task { get; init; }

    /// <summary>The database's time.</summary>
    public required DateTime Now { get; init; }

    public bool QueuePaused { get; init; }

    /// <summary>When its ticket was written; null when it has none, or its ticket is gone.</summary>
    public DateTime? TicketCreatedAt { get; init; }

    public DateTime? LeaseUntil { get; init; }

    /// <summary>Its place in its ticket.</summary>
    public int? Place { get; init; }

    /// <summary>Tasks of its ticket up to this place may have been begun.</summary>
    public int? BegunThrough { get; init; }

    /// <summary>Where the executor of its ticket lives, and when it spoke last.</summary>
    public string? ExecutorHost { get; init; }

    public DateTime? ExecutorSpokeAt { get; init; }

    /// <summary>Of a dispatched task: tickets of any queue that wait and were written before its own.</summary>
    public long TicketsBefore { get; init; }

    /// <summary>Of a task that waits: tickets of its queue that wait for an executor.</summary>
    public long QueuedTickets { get; init; }

    /// <summary>Of recent tasks of its queue; null when there were none.</summary>
    public double? MeanRunMs { get; init; }

    /// <summary>An executor is waiting for work of the queue and needs no ticket.</summary>
    public bool ExecutorIsHungry { get; init; }

    /// <summary>Of a task that has crashed: the ticket of another such task of its queue, which must end or run for a while first.</summary>
    public long? TicketAhead { get; init; }

    /// <summary>Of a task that waits: those that will be taken before it, as far as can be told now.</summary>
    public long TasksBefore { get; init; }

    /// <summary>Attempts of its queue that ended within the last five minutes, and in how many seconds.</summary>
    public long Ended { get; init; }

    public double EndedInSeconds { get; init; }

    /// <summary>Executors that speak and take work.</summary>
    public long Executors { get; init; }

    public long Capacity { get; init; }

    public long Load { get; init; }

    /// <summary>Since the dispatcher's timer ran; null when it never did.</summary>
    public double? DispatchSeconds { get; init; }
}
