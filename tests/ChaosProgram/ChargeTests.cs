using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Handlers;
using Millrace.Tests.Chaos.Judging;
using static Millrace.Tests.ChaosProgram.Judged;

namespace Millrace.Tests.ChaosProgram;

/// <summary>The judge of the chaos programme finds what a task was made to pay wrongly.</summary>
public sealed class ChargeTests
{
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
            Expected = new() { MostCharges = 1 },
            Accepted = [sent],
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
}
