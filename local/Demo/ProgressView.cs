using Spectre.Console;
using Spectre.Console.Rendering;

namespace Millrace.Local.Demo;

/// <summary>Where a run stands, as three lines.</summary>
internal static class ProgressView
{
    private const int WidestBar = 60;
    private const int WidthOfTheRest = 50;

    internal static IRenderable Of(DemoWatch watch, int width)
    {
        var bar = Math.Clamp(width - WidthOfTheRest, 10, WidestBar);
        var total = watch.Plan.Total;
        var grid = new Grid { Expand = false };
        grid.AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(2, 0, 2, 0) });
        grid.AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 2, 0), Width = bar });
        grid.AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 2, 0), Width = 16, Alignment = Justify.Right });
        grid.AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 0, 0), Width = 10, Alignment = Justify.Right });
        grid.AddRow("submitted", Bar(watch.Submitted, total, bar, "deepskyblue1"), Of(watch.Submitted, total), Rate(watch.Seen.Accepted, watch.SendTime));
        grid.AddRow("ended", Bar(watch.Ended, total, bar, "green3"), Of(watch.Ended, total), Rate(watch.Seen.Ended, watch.Elapsed));
        return new Rows(grid, new Padder(new Markup($"[grey]{Line(watch)}[/]")).Padding(2, 0, 0, 0));
    }

    /// <summary>What has happened since the start, in a line.</summary>
    internal static string Line(DemoWatch watch) =>
        $"{DemoText.Seconds(watch.Elapsed)}: {DemoText.Count(watch.Seen.Succeeded)} succeeded, {DemoText.Count(watch.Seen.Failed)} dead lettered, "
        + $"{DemoText.Count(watch.Seen.Retried)} tried again";

    /// <summary>The same for an output that cannot be rewritten.</summary>
    internal static string PlainLine(DemoWatch watch) =>
        $"{Line(watch)}; {Of(watch.Submitted, watch.Plan.Total)} submitted, {Of(watch.Ended, watch.Plan.Total)} ended";

    private static string Bar(long count, int total, int width, string colour) => DemoText.Bar((double)count / total, width, colour);

    private static string Of(long count, int total) => $"{DemoText.Count(count)} of {DemoText.Count(total)}";

    private static string Rate(long count, TimeSpan time) => $"[grey]{DemoText.Rate(count, time)}[/]";
}
