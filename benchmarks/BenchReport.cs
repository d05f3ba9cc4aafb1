using System.Globalization;
using Spectre.Console;

namespace Millrace.Benchmarks;

/// <summary>Figures of one run, by what was measured and for whom; the median of the rounds.</summary>
internal sealed class BenchReport
{
    private readonly List<(string Who, string What, string Unit, double[] Rounds)> rows = [];

    internal void Add(string who, string what, string unit, params double[] rounds) => rows.Add((who, what, unit, rounds));

    internal static double Median(double[] values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    internal static double Percentile(double[] values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
    }

    internal void Print()
    {
        var table = new Table().Border(TableBorder.Markdown).AddColumns("who", "what", "median", "unit", "rounds");
        foreach (var (who, what, unit, rounds) in rows)
        {
            table.AddRow(who, what, Show(Median(rounds)), unit, string.Join(' ', rounds.Select(Show)));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $$"""{"who":"{{who}}","what":"{{what}}","median":{{Median(rounds):0.##}},"unit":"{{unit}}"}"""));
        }

        AnsiConsole.Write(table);
    }

    private static string Show(double value) => value.ToString(value < 100 ? "0.0" : "N0", CultureInfo.InvariantCulture);
}
