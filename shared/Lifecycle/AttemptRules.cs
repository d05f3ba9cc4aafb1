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
        AttemptEnd.Threw(var error) => RetryOrBury(task, error),
        AttemptEnd.TimedOut(var seconds) => RetryOrBury(task, Errors.TimedOut(seconds)),
        AttemptEnd.CancelObserved => Cancelled(),
        AttemptEnd.Unreadable(var error) => new Transition.Bury(DeathReason.Unreadable, error),
        AttemptEnd.Crashed(var part) => DecideCrashed(task, part),
        AttemptEnd.GivenBack => task.CancelRequested ? Cancelled() : new Transition.Release(null),
        _ => throw new UnreachableException(),
    };

    private static Transition DecideReturned(in ClaimedTask task, TaskOutcome outcome) => outcome switch
    {
        // Work that is done stays done: a cancel that came too late changes nothing.
        TaskOutcome.SucceededOutcome(var result) => new Transition.Finish(FinishedAs.Succeeded, result),
        TaskOutcome.FailedOutcome(var error) => RetryOrBury(task, error),
        TaskOutcome.RejectedOutcome(var error) => new Transition.Bury(DeathReason.Rejected, error),
        TaskOutcome.SnoozedOutcome(var delay) => task.CancelRequested ? Cancelled() : new Transition.Release(delay),
        _ => throw new UnreachableException(),
    };

    private static Transition DecideCrashed(in ClaimedTask task, CrashPart part)
    {
        if (task.CancelRequested)
        {
            return Cancelled();
        }

        return part switch
        {
            CrashPart.Cleared => new Transition.Release(null),
            CrashPart.Suspect => new Transition.Release(null, Crashed: true),
            CrashPart.Near when IsLast(task) => new Transition.Bury(DeathReason.Interrupted, Errors.Crashed),
            CrashPart.Near => new Transition.Retry(null, Errors.Crashed, Crashed: true),
            CrashPart.Guilty when IsLast(task) => new Transition.Bury(DeathReason.Poison, Errors.Killed),
            CrashPart.Guilty => new Transition.Retry(task.Retries.DelayAfter(task.Attempts + 1), Errors.Killed, Crashed: true),
        };
    }

    private static Transition RetryOrBury(in ClaimedTask task, TaskError error) =>
        task.CancelRequested ? Cancelled()
        : IsLast(task) ? new Transition.Bury(DeathReason.Exhausted, error)
        : new Transition.Retry(task.Retries.DelayAfter(task.Attempts + 1), error, Crashed: false);

    /// <summary>The attempt that has just ended was the last that it may have.</summary>
    private static bool IsLast(in ClaimedTask task) => task.Attempts + 1 > task.Retries.MaxRetries;

    private static Transition.Finish Cancelled() => new(FinishedAs.Cancelled, default);

    private static class Errors
    {
        internal static readonly TaskError Crashed = new(
            "crashed", "The process died while this task ran in it, or was about to. That need not be the task's fault.");

        internal static readonly TaskError Killed = new(
            "crashed", "The process died while this task was on trial in it, and had died before: the handler kills it. Look at its exit code and memory.");

        internal static TaskError TimedOut(int seconds) => new(
            "timeout", $"The handler ran longer than its {seconds} s. Raise timeout_seconds, or make the handler quicker.");
    }
}
