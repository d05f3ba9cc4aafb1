using System.Diagnostics;

namespace Millrace.Lifecycle;

/// <summary>
/// Decides what becomes of a task after an attempt. Pure: no clock, no I/O. Executor and healer both ask here, so a task
/// fares the same whoever speaks for it.
/// </summary>
internal static class AttemptRules
{
    internal static Transition Decide(in ClaimedTask task, AttemptEnd end) => end switch
    {
        AttemptEnd.Returned(var outcome) => DecideReturned(task, outcome),
        AttemptEnd.Threw(var error) => RetryOrBury(task, error, crashed: false),
        AttemptEnd.TimedOut(var seconds) => RetryOrBury(task, Errors.TimedOut(seconds), crashed: false),
        AttemptEnd.CancelObserved => Cancelled(),
        AttemptEnd.Unreadable(var error) => new Transition.Bury(DeathReason.Unreadable, error),
        AttemptEnd.Crashed => RetryOrBury(task, Errors.Crashed, crashed: true),
        AttemptEnd.GivenBack => task.CancelRequested ? Cancelled() : new Transition.Release(null),
        _ => throw new UnreachableException(),
    };

    private static Transition DecideReturned(in ClaimedTask task, TaskOutcome outcome) => outcome switch
    {
        // Work that is done stays done: a cancel that came too late changes nothing.
        TaskOutcome.SucceededOutcome(var result) => new Transition.Finish(FinishedAs.Succeeded, result),
        TaskOutcome.FailedOutcome(var error) => RetryOrBury(task, error, crashed: false),
        TaskOutcome.RejectedOutcome(var error) => new Transition.Bury(DeathReason.Rejected, error),
        TaskOutcome.SnoozedOutcome(var delay) => task.CancelRequested ? Cancelled() : new Transition.Release(delay),
        _ => throw new UnreachableException(),
    };

    private static Transition RetryOrBury(in ClaimedTask task, TaskError error, bool crashed)
    {
        if (task.CancelRequested)
        {
            return Cancelled();
        }

        var failures = task.Attempts + 1;
        if (failures > task.Retries.MaxRetries)
        {
            return new Transition.Bury(crashed ? DeathReason.Poison : DeathReason.Exhausted, error);
        }

        // The first crash may be a neighbour's fault, and alone in its ticket the task can do no more harm: no delay.
        var delay = crashed && task.Crashes == 0 ? TimeSpan.Zero : task.Retries.DelayAfter(failures);
        return new Transition.Retry(delay, error, crashed);
    }

    private static Transition.Finish Cancelled() => new(FinishedAs.Cancelled, default);

    private static class Errors
    {
        internal static readonly TaskError Crashed = new(
            "crashed", "The executor died while it held this task. Whether the handler had begun is not known.");

        internal static TaskError TimedOut(int seconds) => new(
            "timeout", $"The handler ran longer than its {seconds} s. Raise timeout_seconds, or make the handler quicker.");
    }
}
