using CsCheck;
using Millrace.Lifecycle;

namespace Millrace.Tests.Lifecycle;

/// <summary>The rules as a table: every end of an attempt, with and without attempts left, with and without a cancel.</summary>
public sealed class AttemptRulesTests
{
    private static readonly TaskError Error = new("broken", "It broke.");

    private static readonly Dictionary<string, AttemptEnd> Ends = new()
    {
        ["succeeded"] = new AttemptEnd.Returned(TaskOutcome.Succeeded()),
        ["failed"] = new AttemptEnd.Returned(TaskOutcome.Failed("broken", "It broke.")),
        ["rejected"] = new AttemptEnd.Returned(TaskOutcome.Rejected("broken", "It broke.")),
        ["snoozed"] = new AttemptEnd.Returned(TaskOutcome.Snoozed(TimeSpan.FromSeconds(9))),
        ["threw"] = new AttemptEnd.Threw(Error),
        ["timed out"] = new AttemptEnd.TimedOut(7),
        ["unreadable"] = new AttemptEnd.Unreadable(Error),
        ["cancel observed"] = AttemptEnd.WasCancelled,
        ["crashed, cleared"] = new AttemptEnd.Crashed(CrashPart.Cleared),
        ["crashed, near"] = new AttemptEnd.Crashed(CrashPart.Near),
        ["crashed, suspect"] = new AttemptEnd.Crashed(CrashPart.Suspect),
        ["crashed, guilty"] = new AttemptEnd.Crashed(CrashPart.Guilty),
        ["given back"] = AttemptEnd.WasGivenBack,
    };

    [Theory]
    [InlineData("succeeded", "finish Succeeded", "finish Succeeded", "finish Succeeded")]
    [InlineData("failed", "retry 5", "bury Exhausted", "finish Cancelled")]
    [InlineData("threw", "retry 5", "bury Exhausted", "finish Cancelled")]
    [InlineData("timed out", "retry 5", "bury Exhausted", "finish Cancelled")]
    [InlineData("crashed, cleared", "release", "release", "finish Cancelled")]
    [InlineData("crashed, near", "retry crashed", "bury Interrupted", "finish Cancelled")]
    [InlineData("crashed, suspect", "release crashed", "release crashed", "finish Cancelled")]
    [InlineData("crashed, guilty", "retry 5 crashed", "bury Poison", "finish Cancelled")]
    [InlineData("rejected", "bury Rejected", "bury Rejected", "bury Rejected")]
    [InlineData("unreadable", "bury Unreadable", "bury Unreadable", "bury Unreadable")]
    [InlineData("snoozed", "release 9", "release 9", "finish Cancelled")]
    [InlineData("given back", "release", "release", "finish Cancelled")]
    [InlineData("cancel observed", "finish Cancelled", "finish Cancelled", "finish Cancelled")]
    public void An_end_decides_by_the_attempts_left_and_by_the_cancel(string end, string withAttempts, string withoutAttempts, string withCancel)
    {
        var retries = new RetryPolicy(1, 5, 2, 3_600);

        Assert.Equal(withAttempts, Word(AttemptRules.Decide(new ClaimedTask(0, 0, false, retries), Ends[end])));
        Assert.Equal(withoutAttempts, Word(AttemptRules.Decide(new ClaimedTask(1, 0, false, retries), Ends[end])));
        Assert.Equal(withCancel, Word(AttemptRules.Decide(new ClaimedTask(0, 0, true, retries), Ends[end])));
        Assert.Equal(withCancel, Word(AttemptRules.Decide(new ClaimedTask(1, 0, true, retries), Ends[end])));
    }

    [Fact]
    public void Every_end_stands_in_the_table()
    {
        var ends = typeof(AttemptEnd).GetNestedTypes(System.Reflection.BindingFlags.NonPublic).Where(static type => type.IsSubclassOf(typeof(AttemptEnd)));
        Assert.Equal(ends.ToHashSet(), Ends.Values.Select(static end => end.GetType()).ToHashSet());
        var outcomes = typeof(TaskOutcome).GetNestedTypes(System.Reflection.BindingFlags.NonPublic).Where(static type => type.IsSubclassOf(typeof(TaskOutcome)));
        Assert.Equal(outcomes.ToHashSet(), Ends.Values.OfType<AttemptEnd.Returned>().Select(static end => end.Outcome.GetType()).ToHashSet());
    }

    [Fact]
    public void Who_was_near_a_crash_goes_on_at_once_and_who_is_guilty_waits()
    {
        var retries = new RetryPolicy(5, 5, 2, 3_600);

        Assert.Equal("retry crashed", Word(AttemptRules.Decide(new ClaimedTask(2, 0, false, retries), new AttemptEnd.Crashed(CrashPart.Near))));
        Assert.Equal("retry 20 crashed", Word(AttemptRules.Decide(new ClaimedTask(2, 1, false, retries), new AttemptEnd.Crashed(CrashPart.Guilty))));
    }

    [Fact]
    public void A_time_out_says_how_long_it_was()
    {
        var retry = Assert.IsType<Transition.Retry>(AttemptRules.Decide(new ClaimedTask(0, 0, false, new(1, 5, 2, 9)), new AttemptEnd.TimedOut(7)));

        Assert.Equal("timeout", retry.Error.Type);
        Assert.Contains("7 s", retry.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void However_a_task_fares_it_has_at_most_max_retries_and_one_attempts() =>
        Gen.Select(Gen.Int[0, 100], Gen.Int[0, Ends.Count - 1].Select(static index => Ends.Values.ElementAt(index)).Array[150]).Sample(static (maxRetries, ends) =>
        {
            var task = new ClaimedTask(0, 0, false, new RetryPolicy((short)maxRetries, 5, 2, 3_600));
            foreach (var end in ends)
            {
                switch (AttemptRules.Decide(task, end))
                {
                    case Transition.Retry retry:
                        task = task with { Attempts = task.Attempts + 1, Crashes = task.Crashes + (retry.Crashed ? 1 : 0) };
                        Assert.InRange(task.Attempts, 1, maxRetries);
                        Assert.InRange(task.Crashes, 0, task.Attempts);
                        Assert.InRange(retry.Waits!.Value, TimeSpan.Zero, TimeSpan.FromHours(1));
                        break;
                    case Transition.Release:
                        break;
                    default:
                        return;
                }
            }
        });

    private static string Word(Transition transition) => transition switch
    {
        Transition.Finish finish => $"finish {finish.As}",
        Transition.Bury bury => $"bury {bury.Reason}",
        Transition.Retry retry => $"retry{(retry.Delay is { } delay ? $" {delay.TotalSeconds}" : string.Empty)}{(retry.Crashed ? " crashed" : string.Empty)}",
        Transition.Release release => release.Crashed ? "release crashed" : release.Delay is { } later ? $"release {later.TotalSeconds}" : "release",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
