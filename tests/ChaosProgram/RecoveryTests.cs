using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Handlers;
using Millrace.Tests.Chaos.Judging;
using Millrace.Tests.Chaos.Witnessing;
using static Millrace.Tests.ChaosProgram.JudgeTests;

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
    public void The_worst_figures_are_told()
    {
        var (probe, task) = (Probe(21), Slow(5));
        var verdict = Judge.Decide(Of([probe, task], [Begin(probe, 21.5), Begin(task, 24)]));
        Assert.Equal((0.5, 4.0), (verdict.WorstFreshSeconds, verdict.WorstOldSeconds));
    }

    private static Evidence Of(SentTask[] accepted, WitnessLine[] witness, bool live = false) => new()
    {
        Fault = new(At(10), At(20)),
        Accepted = accepted,
        Witness = witness,
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
