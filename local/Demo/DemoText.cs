using System.Globalization;

namespace Millrace.Local.Demo;

/// <summary>Figures as the demo writes them.</summary>
internal static class DemoText
{
    internal static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    internal static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");

    internal static string Percent(double? share) => share is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known * 100:0} %") : "–";

    internal static string Minutes(double? minutes) =>
        minutes is { } known ? known.ToString("+0.0 min;-0.0 min;0.0 min", CultureInfo.InvariantCulture) : "–";

    /// <summary>Per second; nothing sensible can be said of no time.</summary>
    internal static string Rate(long count, TimeSpan time) => time > TimeSpan.Zero ? $"{Count((long)(count / time.TotalSeconds))}/s" : "–";

    /// <summary>A line of which a part is thick. It reads without colours, too.</summary>
    internal static string Bar(double share, int width, string colour)
    {
        var thick = (int)Math.Round(Math.Clamp(share, 0, 1) * width);
        return $"[{colour}]{new string('━', thick)}[/][grey37]{new string('─', width - thick)}[/]";
    }
}
