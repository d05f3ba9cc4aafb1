namespace Millrace.Store.Rows;

/// <summary>What health is judged by. Ages are in seconds by the database's clock.</summary>
/// <param name="WaitingSeconds">How long the oldest due task of a queue that is not paused has waited; null when none is due.</param>
/// <param name="ActiveExecutors">Executors that were heard of lately.</param>
/// <param name="DispatchSeconds">Since the dispatcher's timer last ran; null when it never did.</param>
/// <param name="HealSeconds">The same of the healer.</param>
/// <param name="OverdueTickets">Tickets whose lease ended and that nobody healed.</param>
/// <param name="OvertimeTasks">Tasks that have been running for much longer than their time-out.</param>
/// <param name="OrphanTasks">Claimed tasks without a ticket.</param>
internal sealed record PipelineVitals(
    double? WaitingSeconds, long ActiveExecutors, double? DispatchSeconds, double? HealSeconds,
    long OverdueTickets, long OvertimeTasks, long OrphanTasks)
{
    /// <summary>Queues in which due tasks wait for too long and nothing is started, the longest waiting first; not all of them, if they are many.</summary>
    public IReadOnlyList<WaitingQueue> Starving { get; init; } = [];

    /// <summary>How many such queues there are.</summary>
    public long StarvingQueues { get; init; }

    /// <summary>
    /// The longest wait among queues of which nothing ends and nothing runs; null when there is none. Where handlers run, the queue lacks places, or its own tasks do not end.
    /// </summary>
    public double? StarvingSeconds { get; init; }

    /// <summary>Handlers that the executors may run at once.</summary>
    public long Capacity { get; init; }

    /// <summary>Handlers that ran at their last heartbeats.</summary>
    public long Load { get; init; }
}
