using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Judging;
using Millrace.Tests.Chaos.Witnessing;
using static Millrace.Tests.ChaosProgram.Judged;

namespace Millrace.Tests.ChaosProgram;

/// <summary>The judge of the chaos programme finds each violation that is planted, and nothing in a try that went well. Of charges ChargeTests tells.</summary>
public sealed class JudgeTests
{
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
            Expected = new() { RunsOnce = true },
            Witness = [Begin(Sent, 1), End(Sent, 1.5) with { Event = Enum.Parse<WitnessEvent>(end) }, again, again with { Event = WitnessEvent.Succeeded }],
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
}
