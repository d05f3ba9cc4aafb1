using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Handlers;
using Millrace.Tests.Chaos.Judging;
using Millrace.Tests.Chaos.Witnessing;
using static Millrace.Tests.ChaosProgram.Judged;

namespace Millrace.Tests.ChaosProgram;

/// <summary>The judge of the chaos programme sees work that starts or goes on too late. The fault lasts from 10 s to 20 s.</summary>
public sealed class RecoveryTests
{
    private const int Dead = 4711;
    private const int Living = 4712;

    [Theory]
    [InlineData(21, 21.9, false, false)]
    [InlineData(21, 22.1, false, true)]
    [InlineData(15, 19, false, false)]
    [InlineData(15, 19, true, true)]
    public void A_probe_begins_within_a_second_of_its_sending(double sent, double begun, bool isFreshDuringFault, bool isLate)
    {
        var probe = Probe(sent);
        AssertFound(isLate ? [Rule.Fresh] : [], Of([probe], [Begin(probe, begun)]) with { Expected = new() { FreshDuringFault = isFreshDuringFault } });
    }

    [Theory]
    [InlineData(0.5, 30, false)]
    [InlineData(0.5, 38, true)]
    [InlineData(1.5, 30, true)]
    public void A_probe_that_a_process_may_have_taken_before_it_died_is_older_work(double beforeDeath, double begun, bool isLate)
    {
        var probe = Probe(21);
        var found = Of([probe], [Begin(probe, begun)]) with { Ended = [new(Dead, At(21 + beforeDeath), EndKind.Killed, 137)] };
        AssertFound(!isLate ? [] : beforeDeath > 1 ? [Rule.Fresh] : [Rule.Resumed], found);
    }

    [Fact]
    public void A_probe_that_never_began_is_late() => AssertFound([Rule.Fresh], Of([Probe(30)], []));

    [Fact]
    public void A_probe_that_was_sent_just_before_the_last_look_is_not_judged() => AssertFound([], Of([Probe(59.5)], []));

    [Theory]
    [InlineData(15, false, false)]
    [InlineData(15, true, true)]
    [InlineData(20.5, false, false)]
    [InlineData(21.5, false, true)]
    public void A_refused_probe_is_a_breach_once_the_fault_is_over(double sent, bool isFreshDuringFault, bool isBreach) => AssertFound(
        isBreach ? [Rule.Fresh] : [],
        Of([], []) with { Refusals = [new(At(sent), "503")], Expected = new() { FreshDuringFault = isFreshDuringFault } });

    [Theory]
    [InlineData(34.9, false)]
    [InlineData(35.1, true)]
    public void What_a_dead_process_had_begun_goes_on_within_fifteen_seconds(double again, bool isLate)
    {
        var task = Slow(5);
        AssertFound(isLate ? [Rule.Resumed] : [], Of([task], [Begin(task, 9, Dead), Begin(task, again, Living, attempt: 2)]));
    }

    [Fact]
    public void What_a_dead_process_had_begun_and_nobody_goes_on_with_is_late()
    {
        var task = Slow(5);
        AssertFound([Rule.Resumed], Of([task], [Begin(task, 9, Dead)], live: true), Rule.Undrained);
    }

    [Fact]
    public void What_a_dead_process_had_ended_need_not_begin_again()
    {
        var task = Slow(5);
        AssertFound([], Of([task], [Begin(task, 8, Dead), End(task, 9, Dead)]));
    }

    [Theory]
    [InlineData(34.9, false)]
    [InlineData(35.1, true)]
    public void What_was_stopped_in_the_middle_goes_on_within_fifteen_seconds(double again, bool isLate)
    {
        var task = Slow(5);
        AssertFound(isLate ? [Rule.Resumed] : [], Of([task], [Begin(task, 9, Living), End(task, 12, Living) with { Event = WitnessEvent.Stopped }, Begin(task, again, Living)]));
    }

    [Fact]
    public void What_was_stopped_for_a_cancel_need_not_go_on()
    {
        var task = Slow(5);
        var found = Of([task], [Begin(task, 9, Living), End(task, 12, Living) with { Event = WitnessEvent.Stopped }]);
        AssertFound([], found with { CancelsAsked = new HashSet<Guid> { task.Id }, Rows = [found.Rows[0] with { Outcome = "cancelled" }] });
    }

    [Fact]
    public void A_killer_may_wait()
    {
        var task = Slow(5) with { Type = TaskTypes.Killer };
        AssertFound([], Of([task], [Begin(task, 9, Dead), Begin(task, 50, Living, attempt: 2)]));
    }

    [Theory]
    [InlineData(34.9, false)]
    [InlineData(35.1, true)]
    public void Of_what_waited_the_first_begins_within_fifteen_seconds(double begun, bool isLate)
    {
        var (first, second) = (Slow(5), Slow(5));
        AssertFound(isLate ? [Rule.Resumed] : [], Of([first, second], [Begin(first, begun), Begin(second, 50)]));
    }

    [Fact]
    public void Of_each_queue_the_first_does_and_probes_are_not_among_them()
    {
        var (first, other, probe) = (Slow(5), Slow(5) with { Queue = "other" }, Probe(19));
        AssertFound([Rule.Resumed], Of([first, other, probe], [Begin(first, 21), Begin(probe, 20.5), Begin(other, 36)]));
    }

    [Fact]
    public void The_worst_figures_are_told()
    {
        var (probe, task) = (Probe(21), Slow(5));
        var verdict = Judge.Decide(Of([probe, task], [Begin(probe, 21.5), Begin(task, 24)]));
        Assert.Equal((0.5, 4.0), (verdict.WorstFreshSeconds, verdict.WorstOldSeconds));
    }

    /// <summary>Whatever begins last is done at once, so that its success is earned; a process that was there before has done it without a begin.</summary>
    private static Evidence Of(SentTask[] accepted, WitnessLine[] witness, bool live = false) => new()
    {
        Fault = new(At(10), At(20)),
        Accepted = accepted,
        Witness = [.. witness, .. live ? [] : accepted.Select(static task => End(task, 54, Living, attempt: 3))],
        Rows = [.. accepted.Select(task => new TaskRow(live ? RowPlace.Live : RowPlace.Finished, task.Id, live ? "" : "succeeded", 1, live ? null : At(55), []))],
        Ended = [new(Dead, At(10), EndKind.Killed, 137)],
        Until = At(60),
    };

    private static SentTask Probe(double sent) =>
        new(Guid.CreateVersion7(), SentTask.ProbeQueue, TaskTypes.Quick, 3, At(sent), At(sent + 0.1), At(sent + 0.1));

    private static SentTask Slow(double sent) => new(Guid.CreateVersion7(), "work", TaskTypes.Slow, 3, At(sent), At(sent), At(sent));

    private static void AssertFound(Rule[] rules, Evidence evidence, params Rule[] besides) => Assert.Equal(
        rules.Concat(besides).Order(), Judge.Decide(evidence).Violations.Select(static violation => violation.Rule).Distinct().Order());
}
