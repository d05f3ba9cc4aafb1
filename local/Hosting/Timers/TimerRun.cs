using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Millrace.Local.Hosting.Discovery;
using Millrace.Local.Hosting.Invocation;
using Millrace.Local.Hosting.Queues;

namespace Millrace.Local.Hosting.Timers;

/// <summary>
/// Fires one timer while its lock is held. Runs never overlap: the next is armed when the last has ended, reckoned from
/// its start, so occurrences missed meanwhile become one.
/// </summary>
internal sealed partial class TimerRun(
    CompiledFunction function, FunctionPipeline pipeline, QueueOutputSender outputs, ITimerStore store, ILogger logger)
{
    /// <summary>Longer waits are chained.</summary>
    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(24);

    private readonly TimerTriggerSource trigger = (TimerTriggerSource)function.Descriptor.Trigger;
    private readonly RetrySchedule retries = RetrySchedule.From(function.Descriptor.Retry);
    private readonly TimeProvider time = pipeline.Environment.Time;

    public async Task RunAsync(CancellationToken stop)
    {
        var now = time.GetLocalNow();
        var isMonitored = trigger.UseMonitor && !trigger.Schedule.CanFireMoreThanOncePerMinute(now, time.LocalTimeZone);
        var start = TimerStart.Decide(
            isMonitored ? await store.ReadAsync(function.Name, stop) : null, trigger.Schedule, now, time.LocalTimeZone);
        var status = start.Status;
        if (isMonitored && start.IsChanged)
        {
            await RememberAsync(status);
        }

        if (start.IsPastDue || trigger.RunOnStartup)
        {
            status = await FireAsync(status, start.IsPastDue, isScheduled: false, isMonitored, stop);
        }

        while (true)
        {
            await WaitUntilAsync(status.Next, stop);
            status = await FireAsync(status, isPastDue: false, isScheduled: true, isMonitored, stop);
        }
    }

    private async Task WaitUntilAsync(DateTimeOffset due, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        for (var left = due - time.GetUtcNow(); left > TimeSpan.Zero; left = due - time.GetUtcNow())
        {
            await Task.Delay(left < LongestDelay ? left : LongestDelay, time, stop);
            if (left < LongestDelay)
            {
                return;
            }
        }
    }

    private async Task<TimerStatus> FireAsync(
        TimerStatus status, bool isPastDue, bool isScheduled, bool isMonitored, CancellationToken stop)
    {
        var started = time.GetLocalNow();
        await InvokeAsync(new TimerInfo { IsPastDue = isPastDue, ScheduleStatus = isMonitored ? status.ToScheduleStatus() : null }, stop);

        // A clock a little early must not make the same occurrence due again.
        var last = isScheduled && status.Next > started ? status.Next : started;
        var next = new TimerStatus(last, trigger.Schedule.Next(last, time.LocalTimeZone), last);
        if (isMonitored)
        {
            await RememberAsync(next);
        }

        return next;
    }

    /// <summary>A failure is logged, retried only as the function's retry attribute says, and never stops the schedule.</summary>
    private async Task InvokeAsync(TimerInfo timer, CancellationToken stop)
    {
        pipeline.Tally.Enter();
        try
        {
            for (var retry = 0; !await TryInvokeAsync(timer, retry) && retries.Allows(retry) && !stop.IsCancellationRequested; retry++)
            {
                await DelayRetryAsync(retry, stop);
            }
        }
        finally
        {
            pipeline.Tally.Leave();
        }
    }

    private async Task DelayRetryAsync(int retry, CancellationToken stop)
    {
        pipeline.Tally.EnterRetry();
        try
        {
            await Task.Delay(retries.Delay(retry), time, stop);
        }
        finally
        {
            pipeline.Tally.LeaveRetry();
        }
    }

    private async Task<bool> TryInvokeAsync(TimerInfo timer, int retry)
    {
        await using var invocation = new FunctionInvocation(function, pipeline.Environment)
        {
            Timer = timer,
            Retry = retries == RetrySchedule.None ? RetryState.None : new RetryState(retry, retries.MaxRetryCount),
        };
        try
        {
            await pipeline.RunAsync(invocation);
            await outputs.SendAsync(function.Descriptor.Output, invocation.Result);
            return true;
        }
        catch (Exception exception)
        {
            LogFailed(logger, function.Name, exception);
            return false;
        }
    }

    // Best effort, as in the real host: without it the next start may run once more.
    private async Task RememberAsync(TimerStatus status)
    {
        try
        {
            await store.WriteAsync(function.Name, status, CancellationToken.None);
        }
        catch (Exception exception)
        {
            LogNotRemembered(logger, function.Name, exception.Message);
        }
    }
}
