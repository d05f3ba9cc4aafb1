using System.Diagnostics;
using Millrace.Lifecycle;
using Millrace.Store.Rows;

namespace Millrace.Execute;

/// <summary>An attempt that has ended and is not written yet.</summary>
/// <param name="Task">The task.</param>
/// <param name="End">How it ended.</param>
/// <param name="Began">The Stopwatch's time at which the handler began; null when none did.</param>
/// <param name="RunMs">How long it ran.</param>
/// <param name="Attempt">The attempt, for what it reported; null when none was made.</param>
internal readonly record struct EndedAttempt(TaskRecord Task, AttemptEnd End, long? Began, long RunMs, Attempt? Attempt)
{
    internal int ResultBytes => End is AttemptEnd.Returned(TaskOutcome.SucceededOutcome(var result)) ? result.Length : 0;

    /// <summary>What to write, by the rules.</summary>
    /// <param name="claim">As PostgreSQL has it.</param>
    internal AttemptResult Decide(in ClaimedTask claim)
    {
        long? age = Began is { } began ? (long)Stopwatch.GetElapsedTime(began).TotalMilliseconds : null;
        return new AttemptResult(Task.Id, AttemptRules.Decide(claim, End), age, RunMs, Task.Place);
    }
}
