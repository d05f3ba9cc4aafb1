namespace Millrace.Execute;

/// <summary>
/// How long an executor may trust that a ticket is its own, counted by itself: from before the statement that took or renewed it, so PostgreSQL's
/// count ends later. The longer of two clocks counts. The monotonic clock cannot be set, but may stand still while a machine is suspended; the wall clock goes
/// on then. A wall clock that is set forward ends the lease early, and the next beat renews it.
/// </summary>
/// <param name="length">As PostgreSQL was told.</param>
/// <param name="before">Taken before the statement that took the ticket.</param>
/// <param name="clock">Both clocks.</param>
internal sealed class TicketLease(TimeSpan length, TicketLease.Moment before, TimeProvider clock)
{
    private readonly Lock gate = new();
    private volatile Moment counted = before;

    /// <summary>Nothing may be begun any more, until the lease is renewed.</summary>
    internal bool IsOver => Since() >= length;

    /// <summary>How long the lease has been over by the monotonic clock alone; negative while it is not.</summary>
    internal TimeSpan Past => clock.GetElapsedTime(counted.Timestamp) - length;

    /// <summary>To be taken before the statement that takes or renews a ticket.</summary>
    internal static Moment Now(TimeProvider clock) => new(clock.GetTimestamp(), clock.GetUtcNow());

    /// <summary>PostgreSQL has confirmed the lease with a statement that was sent after this moment.</summary>
    internal void Renew(Moment before)
    {
        lock (gate)
        {
            counted = before.Timestamp > counted.Timestamp ? before : counted;
        }
    }

    /// <summary>Asked for each task, by all workers: without a lock.</summary>
    private TimeSpan Since()
    {
        var since = counted;
        var (monotonic, wall) = (clock.GetElapsedTime(since.Timestamp), clock.GetUtcNow() - since.Wall);
        return monotonic > wall ? monotonic : wall;
    }

    /// <summary>The same moment on both clocks.</summary>
    internal sealed record Moment(long Timestamp, DateTimeOffset Wall);
}
