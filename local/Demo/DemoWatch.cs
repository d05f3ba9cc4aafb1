namespace Millrace.Local.Demo;

/// <summary>Watches a run until all its tasks have ended, or nothing moves any more. What it saw last may be read at any time.</summary>
internal sealed class DemoWatch(DemoStore store, DemoPlan plan, TimeProvider clock, DemoProgress before)
{
    /// <summary>How long nothing may end before the demo gives up.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly long began = clock.GetTimestamp();
    private readonly TaskCompletionSource sent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan sendTime;

    /// <summary>What has happened since this start.</summary>
    internal DemoProgress Seen { get; private set; }

    internal DemoPlan Plan => plan;

    /// <summary>Rows that are accepted, by this start and those before.</summary>
    internal long Submitted => Math.Min(plan.Skip + Seen.Accepted, plan.Total);

    /// <summary>Tasks that have ended, by this start and those before.</summary>
    internal long Ended => Math.Min(plan.Skip - plan.Waiting + Seen.Ended, plan.Total);

    internal TimeSpan Elapsed => clock.GetElapsedTime(began);

    /// <summary>How long the submission took; until it is over, how long it has taken.</summary>
    internal TimeSpan SendTime => sent.Task.IsCompleted ? sendTime : Elapsed;

    internal void AllSent()
    {
        sendTime = Elapsed;
        sent.TrySetResult();
    }

    /// <returns>False when nothing has ended for <see cref="Patience"/>.</returns>
    internal async Task<bool> WaitUntilEndedAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Look, clock);
        var movedAt = clock.GetTimestamp();
        do
        {
            var now = await store.ProgressAsync(cancellation) - before;
            if (now.Ended + now.Retried + now.Accepted != Seen.Ended + Seen.Retried + Seen.Accepted)
            {
                movedAt = clock.GetTimestamp();
            }

            Seen = now;
            if (sent.Task.IsCompleted && await store.LiveAsync(plan.Run, cancellation) == 0)
            {
                Seen = await store.ProgressAsync(cancellation) - before;
                return true;
            }
        }
        while (clock.GetElapsedTime(movedAt) < Patience && await timer.WaitForNextTickAsync(cancellation));
        return false;
    }
}
