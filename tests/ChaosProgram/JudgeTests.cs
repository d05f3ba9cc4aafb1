using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Handlers;
using Millrace.Tests.Chaos.Judging;
using Millrace.Tests.Chaos.Witnessing;

namespace Millrace.Tests.ChaosProgram;

/// <summary>The judge of the chaos programme finds each violation that is planted, and nothing in a try that went well.</summary>
public sealed class JudgeTests
{
    private const int Process = 4711;
    private const int Other = 4712;

    private static readonly Guid Executor = Guid.CreateVersion7();
    private static readonly Guid OtherExecutor = Guid.CreateVersion7();

    /// <summary>A task that began at 1 s, ended, and was recorded at 2 s. The fault lasts from 10 s to 20 s.</summary>
    private static readonly SentTask Sent = new(Guid.CreateVersion7(), "work", TaskTypes.Slow, 1, 0, 0, 0);

    private static readonly TaskRow Recorded = new(RowPlace.Finished, Sent.Id, "succeeded", 1, At(2), []);

    private static Evidence Well => new()
    {
        Fault = new(At(10), At(20)),
        Accepted = [Sent],
        Witness = [Begin(Sent, 1), End(Sent, 1.5)],
        Rows = [Recorded],
        Executors = new Dictionary<Guid, int> { [Executor] = Process, [OtherExecutor] = Other },
        Until = At(60),
    };

    [Fact]
    public void A_try_that_went_well_breaks_no_rule() => Assert.Empty(Judge.Decide(Well).Violations);

    [Fact]
    public void What_was_accepted_and_has_no_row_is_lost() => AssertOnly(Rule.Lost, Well with { Rows = [] });

    [Fact]
    public void A_row_in_two_places_is_doubled() =>
        AssertOnly(Rule.Doubled, Well with { Rows = [Recorded, Recorded with { Place = RowPlace.Live, Outcome = "", RecordedAt = null }] }, Rule.Undrained);

    [Fact]
    public void Two_recorded_successes_are_doubled() =>
        AssertOnly(Rule.Doubled, Well with { Rows = [Recorded, Recorded with { RecordedAt = At(3) }] });

    [Fact]
    public void What_is_still_live_at_the_end_has_not_drained() =>
        AssertOnly(Rule.Undrained, Well with { Rows = [Recorded with { Place = RowPlace.Live, Outcome = "", RecordedAt = null }] });

    [Fact]
    public void A_begin_after_the_row_was_committed_is_late() =>
        AssertOnly(Rule.BegunLate, Well with { Witness = [.. Well.Witness, Begin(Sent, 2.3, process: Other), End(Sent, 2.4, process: Other)] });

    [Fact]
    public void A_begin_within_a_tick_of_the_commit_is_not_late() =>
        Assert.Empty(Judge.Decide(Well with { Witness = [.. Well.Witness, Begin(Sent, 2.2, process: Other)] }).Violations);

    [Fact]
    public void A_begin_after_a_cancel_was_answered_is_late_even_if_its_row_came_later() => AssertOnly(
        Rule.BegunLate,
        Well with { Rows = [Recorded with { Outcome = "cancelled" }], Cancelled = [new(Sent.Id, At(0.5))], CancelsAsked = new HashSet<Guid> { Sent.Id } });

    [Fact]
    public void A_begin_after_an_end_that_was_noted_is_late_even_if_the_row_was_changed_later() =>
        AssertOnly(Rule.BegunLate, Well with { Ends = [new(Sent.Id, RowPlace.Finished, At(0.6))], Rows = [Recorded with { RecordedAt = At(50) }] });

    [Theory]
    [InlineData(0.9, false)]
    [InlineData(1.1, true)]
    public void A_begin_between_a_death_and_its_undoing_is_late(double undoneAt, bool isLate)
    {
        var verdict = Judge.Decide(Well with
        {
            Ends = [new(Sent.Id, RowPlace.Dead, At(0.1), At(undoneAt)), new(Sent.Id, RowPlace.Finished, At(2))],
            Frozen = [new(Other, At(0), At(0.5))],
        });
        Assert.Equal(isLate ? [Rule.BegunLate] : [], verdict.Violations.Select(static violation => violation.Rule));
    }

    [Fact]
    public void A_success_that_no_handler_returned_is_not_earned() => AssertOnly(Rule.Unearned, Well with { Witness = [Begin(Sent, 1)] });

    [Fact]
    public void A_success_that_was_recorded_before_the_handler_returned_it_is_not_earned() => AssertOnly(Rule.Unearned, Well with { Witness = [Begin(Sent, 1), End(Sent, 2.5)] });

    [Fact]
    public void A_cancel_that_nobody_asked_for_is_not_earned() => AssertOnly(Rule.Unearned, Well with { Rows = [Recorded with { Outcome = "cancelled" }] });

    [Fact]
    public void A_cancel_that_was_answered_and_came_to_nothing_is_not_earned() => AssertOnly(
        Rule.Unearned, Well with { Cancelled = [new(Sent.Id, At(1.2))], CancelsAsked = new HashSet<Guid> { Sent.Id } });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_runs_in_a_process_that_lives_and_is_awake_begins_nowhere_else_where_the_fault_leaves_it_its_tickets(bool runsOnce)
    {
        var verdict = Judge.Decide(Well with { Expected = new() { RunsOnce = runsOnce }, Witness = [Begin(Sent, 1), Begin(Sent, 1.2, process: Other), End(Sent, 1.5)] });
        Assert.Equal(runsOnce ? [Rule.RunTwice] : [], verdict.Violations.Select(static violation => violation.Rule));
    }

    [Theory]
    [InlineData(nameof(WitnessEvent.Succeeded), true)]
    [InlineData(nameof(WitnessEvent.Failed), false)]
    [InlineData(nameof(WitnessEvent.Stopped), false)]
    public void What_has_succeeded_begins_nowhere_else_and_what_was_given_back_or_failed_may(string end, bool isTwice)
    {
        var again = Begin(Sent, 1.6, process: Other, attempt: 2);
        var verdict = Judge.Decide(Well with
        {
            Expected = new() { RunsOnce = true }, Witness = [Begin(Sent, 1), End(Sent, 1.5) with { Event = Enum.Parse<WitnessEvent>(end) }, again, again with { Event = WitnessEvent.Succeeded }],
        });
        Assert.Equal(isTwice ? [Rule.RunTwice] : [], verdict.Violations.Select(static violation => violation.Rule));
    }

    [Fact]
    public void What_a_process_ran_that_died_or_slept_may_begin_elsewhere()
    {
        var again = Well with { Expected = new() { RunsOnce = true }, Witness = [Begin(Sent, 1), Begin(Sent, 1.6, process: Other), End(Sent, 1.7, process: Other)] };
        Assert.Empty(Judge.Decide(again with { Ended = [new(Process, At(1.5), EndKind.Killed, 137)] }).Violations);
        Assert.Empty(Judge.Decide(again with { Frozen = [new(Process, At(1.1), At(9))] }).Violations);
    }

    [Fact]
    public void A_begin_after_a_death_is_late() => AssertOnly(
        Rule.BegunLate,
        Well with { Rows = [new(RowPlace.Dead, Sent.Id, "poison", 2, At(0.5), [])] },
        Rule.DiedWrongly);

    [Theory]
    [InlineData(22, true)]
    [InlineData(5, false)]
    public void What_a_process_that_slept_through_its_lease_begins_in_a_paused_queue_is_late(double seconds, bool isLate)
    {
        var verdict = Judge.Decide(Well with
        {
            Frozen = [new(Process, At(0), At(seconds))],
            Paused = [new("work", At(0), At(50))],

            // It wakes and begins before anybody could have seen that it is awake.
            Witness = [Begin(Sent, seconds - 0.01), End(Sent, seconds + 1)],
            Rows = [Recorded with { RecordedAt = At(55) }],
            Accepted = [Sent with { DueAt = At(55) }],
        });
        Assert.Equal(isLate ? [Rule.BegunLate] : [], verdict.Violations.Select(static violation => violation.Rule));
    }

    [Fact]
    public void A_crash_that_is_charged_though_nobody_died_is_charged_wrongly() => AssertOnly(Rule.Charged, Crashed(Executor) with { Ended = [] });

    [Fact]
    public void A_crash_that_was_charged_before_its_process_died_is_charged_wrongly() => AssertOnly(
        Rule.Charged, Crashed(Executor) with { Rows = [Recorded with { RecordedAt = At(15), Attempts = 2, History = [new(1, "crashed", Executor, At(9))] }] });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_charge_that_was_taken_back_is_one_unless_its_process_slept(bool slept)
    {
        var verdict = Judge.Decide(Well with
        {
            Lines = [new(Sent.Id, new(1, "crashed", Executor, At(9)))],
            Frozen = slept ? [new(Process, At(3), At(9))] : [],
        });
        Assert.Equal(slept ? [] : [Rule.Charged], verdict.Violations.Select(static violation => violation.Rule));
    }

    [Fact]
    public void A_death_that_was_taken_back_is_a_charge_unless_a_process_slept() =>
        AssertOnly(Rule.Charged, Well with { Ends = [new(Sent.Id, RowPlace.Dead, At(0.2), At(0.9)), new(Sent.Id, RowPlace.Finished, At(2))] });

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void Where_a_scenario_bounds_charges_more_are_found(int charges, bool isOften)
    {
        var crashed = Crashed(Executor);
        var sent = Sent with { MaxRetries = 3 };
        var verdict = Judge.Decide(crashed with
        {
            Expected = new() { MostCharges = 1 }, Accepted = [sent],
            Witness = [Begin(sent, 1), Begin(sent, 5, attempt: 2), .. crashed.Witness.Skip(1)],
            Rows = [crashed.Rows[0] with { History = [.. Enumerable.Range(1, charges).Select(static attempt => new HistoryLine(attempt, "crashed", Executor))] }],
        });
        Assert.Equal(isOften ? [Rule.Charged] : [], verdict.Violations.Select(static violation => violation.Rule));
    }

    [Fact]
    public void A_crash_of_a_process_that_was_asked_to_stop_is_charged_wrongly() =>
        AssertOnly(Rule.Charged, Crashed(Executor) with { Ended = [new(Process, At(10), EndKind.Stopped, 0)] });

    [Fact]
    public void A_crash_of_a_task_that_its_dead_process_had_not_begun_is_charged_wrongly() => AssertOnly(
        Rule.Charged, Crashed(OtherExecutor) with { Ended = [new(Process, At(10), EndKind.Killed, 137), new(Other, At(10), EndKind.Killed, 137)] });

    [Theory]
    [InlineData(9.4, true)]
    [InlineData(9.6, false)]
    public void A_task_that_its_dead_process_was_about_to_begin_may_be_charged_if_it_was_so_for_a_moment_only(double notedAt, bool isWrong)
    {
        var crashed = Crashed(Executor) with { Noted = [new(Sent.Id, OtherExecutor, At(9.9)), new(Sent.Id, Executor, At(3)), new(Sent.Id, Executor, At(notedAt))] };
        var verdict = Judge.Decide(crashed with { Witness = [.. crashed.Witness.Where(static line => line.ProcessId == Other)] });
        Assert.Equal(isWrong ? [Rule.Charged] : [], verdict.Violations.Select(static violation => violation.Rule));
    }

    [Fact]
    public void A_crash_of_another_attempt_than_the_process_ran_is_charged_wrongly() =>
        AssertOnly(Rule.Charged, Crashed(Executor) with { Rows = [Recorded with { RecordedAt = At(15), History = [new(2, "crashed", Executor)] }] });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_crash_of_an_executor_that_never_registered_is_charged_rightly_if_a_dead_process_had_begun_it(bool isDead)
    {
        var end = new ProcessEnd(Process, At(10), isDead ? EndKind.Killed : EndKind.Stopped, 137);
        var verdict = Judge.Decide(Crashed(Executor) with { Executors = new Dictionary<Guid, int>(), Ended = [end] });
        Assert.Equal(isDead ? [] : [Rule.Charged], verdict.Violations.Select(static violation => violation.Rule));
    }

    [Fact]
    public void A_crash_of_a_task_that_a_killed_process_ran_is_rightly_charged() => Assert.Empty(Judge.Decide(Crashed(Executor)).Violations);

    [Fact]
    public void More_attempts_than_allowed_are_found_in_the_row() => AssertOnly(Rule.Attempts, Well with { Rows = [Recorded with { Attempts = 3 }] });

    [Fact]
    public void More_attempts_than_allowed_are_found_by_the_witness() =>
        AssertOnly(Rule.Attempts, Well with { Witness = [Begin(Sent, 1, attempt: 3), End(Sent, 1.5, attempt: 3)] });

    [Theory]
    [InlineData(TaskTypes.Slow, "poison", true)]
    [InlineData(TaskTypes.Slow, "exhausted", true)]
    [InlineData(TaskTypes.Killer, "poison", false)]
    [InlineData(TaskTypes.Killer, "exhausted", true)]
    public void Only_who_kills_dies_of_poison(string type, string reason, bool isWrong)
    {
        var verdict = Judge.Decide(Well with { Accepted = [Sent with { Type = type }], Rows = [Recorded with { Place = RowPlace.Dead, Outcome = reason, Attempts = 2 }] });
        Assert.Equal(isWrong ? [Rule.DiedWrongly] : [], verdict.Violations.Select(static violation => violation.Rule));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_task_whose_last_attempt_died_with_its_process_may_say_interrupted(bool hasCrashed)
    {
        var crashed = Crashed(Executor);
        var row = new TaskRow(RowPlace.Dead, Sent.Id, "interrupted", 2, At(15), hasCrashed ? [new(1, "crashed", Executor)] : []);
        Assert.Equal(hasCrashed ? [] : [Rule.DiedWrongly], Judge.Decide(crashed with { Rows = [row] }).Violations.Select(static violation => violation.Rule));
    }

    [Fact]
    public void A_death_before_the_last_attempt_is_wrong() => AssertOnly(
        Rule.DiedWrongly,
        Crashed(Executor) with { Rows = [new TaskRow(RowPlace.Dead, Sent.Id, "interrupted", 1, At(15), [new(1, "crashed", Executor)])] });

    [Fact]
    public void Attempts_of_what_was_about_to_begin_are_counted_beside()
    {
        var crashed = Crashed(Executor) with { Noted = [new(Sent.Id, Executor, At(9.8)), new(Sent.Id, Executor, At(12))] };
        Assert.Equal(1, Judge.Decide(crashed with { Witness = [.. crashed.Witness.Where(static line => line.ProcessId == Other)] }).AboutToBegin);
        Assert.Equal(0, Judge.Decide(Crashed(Executor)).AboutToBegin);
    }

    [Fact]
    public void What_the_ledger_says_is_a_violation() => AssertOnly(Rule.Ledger, Well with { LedgerFaults = ["empty_ticket 7: It holds nothing."] });

    [Fact]
    public void An_executor_that_ends_by_itself_is_a_violation() =>
        AssertOnly(Rule.Host, Well with { Ended = [new(Process, At(30), EndKind.ByItself, 134)] });

    [Fact]
    public void An_executor_that_ends_badly_when_it_is_asked_to_stop_is_a_violation() =>
        AssertOnly(Rule.Host, Well with { Ended = [new(Process, At(31), EndKind.Stopped, 134, At(30))] });

    [Fact]
    public void An_executor_that_does_not_stop_at_all_is_a_violation() => AssertOnly(Rule.Stopped, Well with { Unstopped = [new(Process, At(30), At(60))] });

    [Theory]
    [InlineData(4.9, true)]
    [InlineData(5.1, false)]
    public void An_executor_that_is_asked_to_stop_has_five_seconds(double seconds, bool isInTime)
    {
        var verdict = Judge.Decide(Well with { Ended = [new(Process, At(30 + seconds), EndKind.Stopped, 0, At(30))] });
        Assert.Equal(isInTime ? 0 : 1, verdict.Count(Rule.Stopped));
        Assert.Equal(seconds, verdict.WorstStopSeconds!.Value, 0.01);
    }

    private static Evidence Crashed(Guid executor) => Well with
    {
        Ended = [new(Process, At(10), EndKind.Killed, 137)],
        Witness = [Begin(Sent, 1), Begin(Sent, 14, process: Other, attempt: 2), End(Sent, 14, process: Other, attempt: 2)],
        Rows = [Recorded with { RecordedAt = At(15), Attempts = 2, History = [new(1, "crashed", executor)] }],
    };

    private static void AssertOnly(Rule rule, Evidence evidence, params Rule[] besides)
    {
        var found = Judge.Decide(evidence).Violations.Select(static violation => violation.Rule).Distinct().Order();
        Assert.Equal(besides.Append(rule).Order(), found);
    }

    internal static long At(double seconds) => (long)(seconds * Monotonic.Second);

    internal static WitnessLine Begin(SentTask task, double seconds, int process = Process, int attempt = 1) =>
        new(WitnessEvent.Begin, task.Id, attempt, process, At(seconds), default, task.Type, task.Queue);

    internal static WitnessLine End(SentTask task, double seconds, int process = Process, int attempt = 1) =>
        Begin(task, seconds, process, attempt) with { Event = WitnessEvent.Succeeded };
}
