using Millrace.Tests.Chaos.Results;

namespace Millrace.Tests.ChaosProgram;

/// <summary>The table of docs/reliability.md says what the results say.</summary>
public sealed class ResultTableTests
{
    private static readonly (string Name, string Fault, int Tries)[] Scenarios = [("kill-one", "kill -9", 2), ("disk-full", "no space", 5)];

    [Fact]
    public void Tries_of_a_scenario_are_summed_and_the_worst_figures_count()
    {
        var table = ResultTable.Write(
            Scenarios,
            [
                ResultsTests.Result("kill-one", 1) with { WorstFreshSeconds = 0.4, WorstOldSeconds = 3, WorstStopSeconds = 1.24, ProcessorPressure = 41, AboutToBegin = 3 },
                ResultsTests.Result("kill-one", 2) with { WorstFreshSeconds = 0.2, WorstOldSeconds = 9.94, Broken = new Dictionary<string, int> { ["Charged"] = 5, ["Ledger"] = 1 } },
            ]);
        Assert.Contains("| kill -9 | 2 | 0 | 0 | 0 | 5 | 3 | 0 | 1 | 0.4 s | 9.9 s | 1.2 s | broken in 1 |", table, StringComparison.Ordinal);
        Assert.Contains("Commit abc, 2026-11-30, 2 cores. Somebody waited for a processor during at most 41 % of a minute.", table, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scenario_that_was_not_played_has_an_empty_row_or_the_reason()
    {
        var table = ResultTable.Write(Scenarios, [ResultsTests.Result("disk-full", 1) with { Skipped = "No root." }]);
        Assert.Contains("| kill -9 | 0 of 2 | | | | | | | | | | |  |", table, StringComparison.Ordinal);
        Assert.Contains("| no space | 0 of 5 | | | | | | | | | | | No root. |", table, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scenario_whose_tries_are_not_all_played_holds_so_far_only()
    {
        var table = ResultTable.Write(Scenarios, [ResultsTests.Result("disk-full", 1), ResultsTests.Result("disk-full", 2)]);
        Assert.Contains("| no space | 2 of 5 |", table, StringComparison.Ordinal);
        Assert.Contains("| holds so far |", table, StringComparison.Ordinal);
    }

    [Fact]
    public void A_try_that_broke_off_is_broken() =>
        Assert.Contains("| broken in 1 |", ResultTable.Write(Scenarios, [ResultsTests.Result("kill-one", 1) with { BrokeOff = "No host." }]), StringComparison.Ordinal);

    [Fact]
    public void Only_what_stands_between_the_marks_is_replaced()
    {
        var page = ResultTable.PutInto($"before\n{ResultTable.Begin}\nfigures of another day\n{ResultTable.End}\nafter", Scenarios, []);
        Assert.StartsWith($"before\n{ResultTable.Begin}\nNothing was played yet.\n", page, StringComparison.Ordinal);
        Assert.EndsWith($"\n{ResultTable.End}\nafter", page, StringComparison.Ordinal);
        Assert.DoesNotContain("another day", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_without_marks_is_refused() => Assert.Throws<InvalidOperationException>(() => ResultTable.PutInto("before", Scenarios, []));
}
