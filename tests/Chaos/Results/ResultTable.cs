using System.Globalization;
using Millrace.Tests.Chaos.Judging;

namespace Millrace.Tests.Chaos.Results;

/// <summary>The results of a commit as the table of docs/reliability.md. Pure.</summary>
internal static class ResultTable
{
    internal const string Begin = "<!-- chaos:begin -->";
    internal const string End = "<!-- chaos:end -->";

    private const string Head = """
        | fault | tries | lost | doubled | begun late | charged | about to begin | died wrongly | others | worst start of fresh work | older work goes on | slowest stop | verdict |
        |---|---|---|---|---|---|---|---|---|---|---|---|---|
        """;

    /// <summary>Rules that have no column of their own.</summary>
    private static readonly Rule[] Others = [Rule.Unearned, Rule.RunTwice, Rule.Attempts, Rule.Ledger, Rule.Undrained, Rule.Host, Rule.Stopped];

    /// <summary>The page with the table in place of what stood between the marks.</summary>
    /// <exception cref="InvalidOperationException">The page has no such marks.</exception>
    internal static string PutInto(string page, IReadOnlyList<(string Name, string Fault, int Tries)> scenarios, IReadOnlyList<TryResult> results)
    {
        var (begin, end) = (page.IndexOf(Begin, StringComparison.Ordinal), page.IndexOf(End, StringComparison.Ordinal));
        return begin >= 0 && end > begin
            ? $"{page[..(begin + Begin.Length)]}\n{Write(scenarios, results)}\n{page[end..]}"
            : throw new InvalidOperationException($"The page has no lines {Begin} and {End}. Put them where the table belongs.");
    }

    internal static string Write(IReadOnlyList<(string Name, string Fault, int Tries)> scenarios, IReadOnlyList<TryResult> results)
    {
        var rows = scenarios.Select(scenario => Row(scenario.Fault, scenario.Tries, [.. results.Where(result => result.Scenario == scenario.Name)]));
        var about = results.OrderByDescending(static result => result.At).FirstOrDefault() is { } last
            ? Text($"Commit {last.Commit}, {last.At:yyyy-MM-dd}, {last.Machine}. ")
                + Text($"Somebody waited for a processor during at most {results.Max(static result => result.ProcessorPressure):0} % of a minute.")
            : "Nothing was played yet.";
        return string.Join('\n', [about, "", Head, .. rows]);
    }

    private static string Row(string fault, int tries, IReadOnlyList<TryResult> results)
    {
        var played = results.Where(static result => result.Skipped is null).ToList();
        if (played.Count == 0)
        {
            return Text($"| {fault} | 0 of {tries} | | | | | | | | | | | {(results.Count == 0 ? "" : results[0].Skipped)} |");
        }

        var failed = played.Count(static result => !result.Passed);
        var verdict = failed > 0 ? Text($"broken in {failed}") : played.Count < tries ? "holds so far" : "holds";
        return Text($"| {fault} | {(played.Count < tries ? Text($"{played.Count} of {tries}") : Text($"{played.Count}"))} | {Sum(Rule.Lost)} | {Sum(Rule.Doubled)} | {Sum(Rule.BegunLate)} | {Sum(Rule.Charged)} | {played.Sum(static result => result.AboutToBegin)} | ")
            + Text($"{Sum(Rule.DiedWrongly)} | {Others.Sum(Sum)} | {Worst(static result => result.WorstFreshSeconds)} | ")
            + Text($"{Worst(static result => result.WorstOldSeconds)} | {Worst(static result => result.WorstStopSeconds)} | {verdict} |");

        int Sum(Rule rule) => played.Sum(result => result.Broken.GetValueOrDefault(rule.ToString()));

        string Worst(Func<TryResult, double?> figure) => played.Max(figure) is { } worst ? Text($"{worst:0.0} s") : "";
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
