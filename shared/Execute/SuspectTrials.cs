using Microsoft.Extensions.Logging;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;

namespace Millrace.Execute;

/// <summary>
/// One suspect of crashes at a time is begun in this process and watched for a while. PostgreSQL is told before it begins and when the watch is over: if
/// the process dies between, everybody knows whose fault it was.
/// </summary>
internal sealed partial class SuspectTrials(TaskStore store, StoreRetry retry, ExecutorIdentity identity, TimeProvider clock, ILogger<SuspectTrials> log)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    /// <summary>A trial that is not ended would convict the suspect of a crash that comes later.</summary>
    private static readonly TimeSpan LongestOutage = TimeSpan.FromMinutes(5);

    private int taken;
    private int running;

    /// <summary>True for one caller at a time: it may take a suspect, and must <see cref="Leave"/> when it got none.</summary>
    internal bool TryEnter() => Interlocked.Exchange(ref taken, 1) == 0;

    /// <summary>One could be taken now.</summary>
    internal bool MayEnter => Volatile.Read(ref taken) == 0;

    internal void Leave() => Volatile.Write(ref taken, 0);

    /// <summary>
    /// Tells PostgreSQL that the suspect is about to begin. False when that cannot be had, when it has no place, or when it may only begin where no other
    /// suspect runs: then it must not begin here and now.
    /// </summary>
    internal async Task<bool> TryBeginAsync(TaskRecord suspect, bool hasPlace)
    {
        if ((Interlocked.Increment(ref running) > 1 && CrashRules.IsTriedAlone(suspect.Claim.Crashes)) || !hasPlace)
        {
            Ended();
            Leave();
            return false;
        }

        try
        {
            await store.BeginTrialAsync(identity.Id, suspect, CancellationToken.None);
            return true;
        }
        catch (Exception exception)
        {
            LogNotBegun(suspect.Id, exception.Message);
            Ended();
            Leave();
            return false;
        }
    }

    /// <summary>Watches the suspect until its run is over. Once it has run for long enough another may be taken.</summary>
    internal async Task WatchAsync(TaskRecord suspect, TicketRun run, CancellationToken runIsOver)
    {
        // Its place may have gone to another meanwhile. What waits cannot kill.
        while (!run.HasBegun && !runIsOver.IsCancellationRequested)
        {
            await Task.Delay(BetweenLooks, clock, runIsOver).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await EndInTimeAsync(suspect, runIsOver);
        await Task.Delay(Timeout.InfiniteTimeSpan, clock, runIsOver).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Ended();
    }

    private async Task EndInTimeAsync(TaskRecord suspect, CancellationToken runIsOver)
    {
        try
        {
            var trial = CrashRules.Trial(suspect.Claim.Crashes) ?? Timeout.InfiniteTimeSpan;
            await Task.Delay(trial, clock, runIsOver).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await retry.RepeatAsync(() => store.EndTrialAsync(identity.Id, suspect.Id, CancellationToken.None), LongestOutage);
        }
        catch (Exception exception)
        {
            // The next trial of this process takes its place.
            LogNotEnded(suspect.Id, exception.Message);
        }
        finally
        {
            Leave();
        }
    }

    private void Ended() => Interlocked.Decrement(ref running);

    [LoggerMessage(3501, LogLevel.Warning, "Task {Task} is not begun, for its trial could not be noted: {Reason}")]
    private partial void LogNotBegun(TaskId task, string reason);

    [LoggerMessage(3500, LogLevel.Warning, "The trial of task {Task} could not be ended: {Reason}")]
    private partial void LogNotEnded(TaskId task, string reason);
}
