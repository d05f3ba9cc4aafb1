using System.Globalization;
using NCrontab;

namespace Millrace.Local.Hosting.Timers;

/// <summary>When a timer fires. Instants in, instants out; the maths is in the given zone.</summary>
internal abstract class TimerSchedule(string text)
{
    private const int OccurrencesLookedAt = 5;

    public string Text => text;

    /// <summary>Null when the text is neither cron nor a positive time span.</summary>
    public static TimerSchedule? Parse(string text)
    {
        // Five fields begin with minutes; any other count is read with seconds.
        var hasSeconds = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length != 5;
        if (CrontabSchedule.TryParse(text, new CrontabSchedule.ParseOptions { IncludingSeconds = hasSeconds }) is { } cron)
        {
            return new CronTimerSchedule(text, cron, hasSeconds);
        }

        return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var interval) && interval > TimeSpan.Zero
            ? new IntervalTimerSchedule(text, interval)
            : null;
    }

    /// <summary>The first occurrence after <paramref name="after"/>.</summary>
    public abstract DateTimeOffset Next(DateTimeOffset after, TimeZoneInfo zone);

    /// <summary>Such a schedule is too fast to be remembered: its monitor is switched off.</summary>
    public bool CanFireMoreThanOncePerMinute(DateTimeOffset now, TimeZoneInfo zone)
    {
        var previous = Next(now, zone);
        for (var i = 1; i < OccurrencesLookedAt; i++)
        {
            var next = Next(previous, zone);
            if (next - previous < TimeSpan.FromMinutes(1))
            {
                return true;
            }

            previous = next;
        }

        return false;
    }
}
