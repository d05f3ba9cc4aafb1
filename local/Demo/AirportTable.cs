using Spectre.Console;
using Spectre.Console.Rendering;

namespace Millrace.Local.Demo;

/// <summary>The flights by the airport they left from: the busiest, the rest as one, and the sum.</summary>
internal static class AirportTable
{
    internal const int Shown = 15;
    private const int BarWidth = 16;

    internal static IRenderable Of(IReadOnlyList<AirportRow> airports)
    {
        var table = Section.Table().Left("origin").Right("flights").Right("mean delay").Right("on time").Left(new string(' ', BarWidth))
            .Right("rejected").Right("failed");
        foreach (var row in Rows(airports))
        {
            Add(table, row, string.Empty);
        }

        table.AddRow(Enumerable.Repeat(new Markup("[grey37]────[/]"), 1).Concat(Enumerable.Repeat(Markup.FromInterpolated($""), 6)));
        Add(table, AirportRow.Sum("total", [.. airports]), "bold ");
        return Section.Of("Flights by origin", table);
    }

    /// <summary>The lines above the sum.</summary>
    internal static IEnumerable<AirportRow> Rows(IReadOnlyList<AirportRow> airports)
    {
        var busiest = airports.OrderByDescending(static row => row.Flights).ThenBy(static row => row.Origin, StringComparer.Ordinal).ToList();
        return busiest.Count <= Shown
            ? busiest
            : [.. busiest.Take(Shown), AirportRow.Sum($"{busiest.Count - Shown} more", busiest[Shown..])];
    }

    private static void Add(Table table, AirportRow row, string weight) => table.AddRow(
        $"[{weight}default]{row.Origin}[/]",
        $"[{weight}default]{DemoText.Count(row.Flights)}[/]",
        $"[{weight}default]{DemoText.Minutes(row.MeanDelay)}[/]",
        $"[{weight}{Colour(row.OnTimeShare)}]{DemoText.Percent(row.OnTimeShare)}[/]",
        DemoText.Bar(row.OnTimeShare ?? 0, BarWidth, Colour(row.OnTimeShare)),
        Ended(row.Rejected, "yellow3", weight),
        Ended(row.Failed, "indianred1", weight));

    private static string Ended(int count, string colour, string weight) =>
        count == 0 ? "[grey37]·[/]" : $"[{weight}{colour}]{DemoText.Count(count)}[/]";

    private static string Colour(double? onTime) => onTime switch
    {
        >= 0.80 => "green3",
        >= 0.74 => "yellow3",
        _ => "indianred1",
    };
}
