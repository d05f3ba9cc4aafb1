namespace Millrace.Local.Hosting.Timers;

/// <summary>The same interval from each invocation.</summary>
internal sealed class IntervalTimerSchedule(string text, TimeSpan interval) : TimerSchedule(text)
{
    public override DateTimeOffset Next(DateTimeOffset after, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(after + interval, zone);
}
