namespace Millrace.Local.Hosting.Timers;

/// <summary>What a timer does first, decided from what is remembered of it. Pure.</summary>
/// <param name="Status">The status from now on.</param>
/// <param name="IsPastDue">An occurrence was missed, however many: run once, at once.</param>
/// <param name="IsChanged">The status must be written.</param>
internal sealed record TimerStart(TimerStatus Status, bool IsPastDue, bool IsChanged)
{
    public static TimerStart Decide(TimerStatus? remembered, TimerSchedule schedule, DateTimeOffset now, TimeZoneInfo zone)
    {
        if (remembered is null)
        {
            return new TimerStart(new TimerStatus(null, schedule.Next(now, zone), now), IsPastDue: false, IsChanged: true);
        }

        // Next was reckoned from Last, or, before the first run, from LastUpdated.
        var reckonedFrom = remembered.Last ?? remembered.LastUpdated;
        var expected = schedule.Next(reckonedFrom, zone);
        if (expected == remembered.Next)
        {
            return new TimerStart(remembered, now > remembered.Next, IsChanged: false);
        }

        // The schedule is another one: what the old one missed does not count.
        var next = now > expected ? schedule.Next(now, zone) : expected;
        return new TimerStart(new TimerStatus(null, next, reckonedFrom), IsPastDue: false, IsChanged: true);
    }
}
