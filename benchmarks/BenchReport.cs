using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Millrace.Benchmarks;

/// <summary>Figures of one run, by what was measured and for whom; the median of the rounds.</summary>
internal sealed class BenchReport
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly List<Figure> figures = [];

    internal void Add(string who, string what, string unit, params double[] rounds)
    {
        figures.Add(new(who, what, unit, Median(rounds), rounds));
        Console.Error.WriteLine($"    {who}: {what} {Show(Median(rounds))} {unit}");
    }

    /// <summary>Null when it was not measured.</summary>
    internal double? Find(string who, string what) => figures.Find(figure => figure.Who == who && figure.What == what)?.Median;

    /// <summary>The best of the peers.</summary>
    internal double? BestPeer(string what) => figures.Where(figure => figure.Who is not ("millrace" or "limit") && figure.What == what).Max(static figure => (double?)figure.Median);

    internal static double Median(double[] values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    internal static double Percentile(double[] values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
    }

    internal byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(figures, Readable);

    internal void Print()
    {
        var table = new Table().Border(TableBorder.Markdown).AddColumns("who", "what", "median", "unit", "rounds");
        foreach (var figure in figures)
        {
            table.AddRow(figure.Who, figure.What, Show(figure.Median), figure.Unit, string.Join(' ', figure.Rounds.Select(Show)));
        }

        AnsiConsole.Profile.Width = 200;
        AnsiConsole.Write(table);
    }

    internal static string Show(double value) => value.ToString(value < 100 ? "0.0#" : "N0", CultureInfo.InvariantCulture);

    private sealed record Figure(string Who, string What, string Unit, double Median, double[] Rounds);
}
