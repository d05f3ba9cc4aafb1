using Microsoft.Extensions.Logging;

namespace Millrace.Local.Hosting.Timers;

/// <summary>
/// Holds one timer's lock and, while it does, runs the timer's schedule. Without the lock it asks again later; a storage
/// outage costs the lock for its length and nothing more.
/// </summary>
internal sealed partial class TimerListener(
    string function,
    TimerRun run,
    ITimerStore store,
    TimerLockOptions options,
    TimeProvider time,
    ILogger logger)
    : IListener
{
    private static readonly TimeSpan ReleaseTimeout = TimeSpan.FromSeconds(5);

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (await TryLockAsync(stop) is { } held)
                {
                    await RunLockedAsync(held, stop);
                }

                await Task.Delay(options.Retry, time, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task<ITimerLock?> TryLockAsync(CancellationToken stop)
    {
        try
        {
            return await store.TryLockAsync(function, options.Lease, stop);
        }
        catch (Exception exception) when (!stop.IsCancellationRequested)
        {
            LogNoStore(logger, function, options.Retry, exception.Message);
            return null;
        }
    }

    private async Task RunLockedAsync(ITimerLock held, CancellationToken stop)
    {
        var holding = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var renewal = RenewAsync(held, holding);
        try
        {
            await run.RunAsync(holding.Token);
        }
        catch (OperationCanceledException) when (holding.IsCancellationRequested)
        {
            // Told to stop, or the lock is lost.
        }
        catch (Exception exception)
        {
            LogNoStore(logger, function, options.Retry, exception.Message);
        }
        finally
        {
            await holding.CancelAsync();
            await renewal;
            holding.Dispose();
            await ReleaseAsync(held);
        }
    }

    /// <summary>Ends by cancelling <paramref name="holding"/> once the lock is lost, or when that is cancelled.</summary>
    private async Task RenewAsync(ITimerLock held, CancellationTokenSource holding)
    {
        var renewed = time.GetTimestamp();
        try
        {
            while (true)
            {
                await Task.Delay(options.Renew, time, holding.Token);
                var isOurs = true;
                try
                {
                    isOurs = await held.TryRenewAsync(holding.Token);
                    renewed = time.GetTimestamp();
                }
                catch (Exception exception) when (!holding.IsCancellationRequested)
                {
                    LogNotRenewed(logger, function, exception.Message);
                }

                if (!isOurs || time.GetElapsedTime(renewed) >= options.Lease)
                {
                    LogLost(logger, function);
                    await holding.CancelAsync();
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (holding.IsCancellationRequested)
        {
            // No longer needed.
        }
    }

    // So that another host need not wait for the lease to end.
    private async Task ReleaseAsync(ITimerLock held)
    {
        using var timeout = new CancellationTokenSource(ReleaseTimeout, time);
        try
        {
            await held.ReleaseAsync(timeout.Token);
        }
        catch (Exception exception)
        {
            LogNotReleased(logger, function, exception.Message);
        }
    }
}
