namespace Millrace.Execute;

/// <summary>Looks at a ticket's running handlers a few times a second: stops those that are overdue, and all at shutdown; settles those that do not obey.</summary>
internal sealed class AttemptWatch(TicketRun run, ExecuteOptions options, TimeProvider clock)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    private long shutdownSince;

    internal async Task WatchAsync(CancellationToken shutdown, CancellationToken runIsOver)
    {
        using var timer = new PeriodicTimer(Look, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(runIsOver))
            {
                run.HelpWhatWaits();
                if (run.Lost || run.Lease.Past.TotalSeconds >= options.OutageSeconds)
                {
                    // Again and again, for what has begun in the moment in which the ticket was lost.
                    run.BeginNoMore();
                }

                StopAtShutdown(shutdown.IsCancellationRequested);
                foreach (var attempt in run.Running)
                {
                    Watch(attempt);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    private void Watch(Attempt attempt)
    {
        if (attempt.IsOverdue)
        {
            attempt.Stop(StopReason.TimedOut);
        }
        else if (attempt.DisobeyedMs > (shutdownSince == 0 ? options.ObeySeconds : options.ShutdownObeySeconds) * 1000)
        {
            run.Abandon(attempt);
        }
    }

    private void StopAtShutdown(bool shuttingDown)
    {
        if (!shuttingDown)
        {
            return;
        }

        if (shutdownSince == 0)
        {
            shutdownSince = clock.GetTimestamp();
            run.GiveBackInbox();
        }

        if (clock.GetElapsedTime(shutdownSince).TotalSeconds >= options.ShutdownGraceSeconds)
        {
            run.StopAll(StopReason.Shutdown);
        }
    }
}
