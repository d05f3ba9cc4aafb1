using Spectre.Console;
using Spectre.Console.Rendering;

namespace Millrace.Local.Demo;

/// <summary>How quickly it went.</summary>
internal static class ThroughputTable
{
    internal static IRenderable Of(DemoTimes times, DemoWatch watch)
    {
        var grid = new Grid();
        grid.AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(1, 0, 2, 0) });
        grid.AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 2, 0), Alignment = Justify.Right });
        grid.AddColumn(new GridColumn { Padding = new Padding(0, 0, 0, 0) });
        if (watch.Seen.Accepted > 0)
        {
            grid.AddRow("submitted", DemoText.Rate(watch.Seen.Accepted, watch.SendTime), $"[grey]one HTTP stream, {DemoText.Seconds(watch.SendTime)}, durable when answered[/]");
        }

        if (watch.Plan.IsResumed)
        {
            grid.AddRow("finished", DemoText.Count(watch.Seen.Ended), $"[grey]tasks by this start, {DemoText.Seconds(watch.Elapsed)}[/]");
        }
        else
        {
            var most = times.Tasks * 98 / 100;
            grid.AddRow("worked off", DemoText.Rate(most, times.UntilMost), $"[grey]98 % had ended {DemoText.Seconds(times.UntilMost)} after the first was accepted[/]");
            grid.AddRow("all ended", DemoText.Seconds(times.UntilLast), "[grey]with the retries and their delays[/]");
        }

        grid.AddRow("attempts", DemoText.Count(times.Attempts), $"[grey]for {DemoText.Count(times.Tasks)} tasks[/]");
        return Section.Of("Throughput", grid);
    }
}
