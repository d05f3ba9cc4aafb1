using NCrontab;

namespace Millrace.Local.Hosting.Timers;

/// <summary>
/// A cron schedule in local time. Where clocks change, a schedule with <c>*</c>, <c>-</c> or <c>/</c> in its seconds,
/// minutes or hours keeps running through a repeated hour; a point in time runs once there, on the summer side, and
/// moves forward out of a skipped hour.
/// </summary>
internal sealed class CronTimerSchedule(string text, CrontabSchedule cron, bool hasSeconds) : TimerSchedule(text)
{
    private const int MostSteps = 16;

    private readonly bool isInterval = string
        .Concat(text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Take(hasSeconds ? 3 : 2))
        .AsSpan()
        .ContainsAny('*', '-', '/');

    public override DateTimeOffset Next(DateTimeOffset after, TimeZoneInfo zone) =>
        (isInterval ? NextOfInterval(after, zone) : null) ?? NextPoint(after, zone);

    // Both offsets around a change are tried; an answer counts only where its own offset is in force.
    private DateTimeOffset? NextOfInterval(DateTimeOffset after, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(after, zone);
        var naive = cron.GetNextOccurrence(local.DateTime);
        DateTimeOffset? earliest = null;
        foreach (var offset in (ReadOnlySpan<TimeSpan>)[local.Offset, zone.GetUtcOffset(naive), zone.GetUtcOffset(naive.AddHours(3))])
        {
            var candidate = new DateTimeOffset(cron.GetNextOccurrence(after.ToOffset(offset).DateTime), offset);
            if (zone.GetUtcOffset(candidate) == offset && (earliest is null || candidate < earliest))
            {
                earliest = candidate;
            }
        }

        return earliest;
    }

    private DateTimeOffset NextPoint(DateTimeOffset after, TimeZoneInfo zone)
    {
        var next = TimeZoneInfo.ConvertTime(after, zone).DateTime;
        for (var step = 0; step < MostSteps; step++)
        {
            next = cron.GetNextOccurrence(next);
            var instant = Instant(next, zone);
            if (instant > after)
            {
                return instant;
            }
        }

        return Instant(cron.GetNextOccurrence(after.UtcDateTime), TimeZoneInfo.Utc);
    }

    private static DateTimeOffset Instant(DateTime local, TimeZoneInfo zone)
    {
        if (zone.IsInvalidTime(local))
        {
            var before = zone.GetUtcOffset(local.AddHours(-3));
            return TimeZoneInfo.ConvertTime(new DateTimeOffset(local, before), zone);
        }

        return new DateTimeOffset(local, zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local));
    }
}
