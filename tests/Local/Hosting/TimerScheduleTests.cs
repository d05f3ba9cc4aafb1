using Millrace.Local.Hosting.Timers;

namespace Millrace.Tests.Local.Hosting;

public sealed class TimerScheduleTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    // 4.4: 5 fields = minutes first; 6 fields with seconds; not cron: a TimeSpan = constant interval from the invocation.
    [Theory]
    [InlineData("*/5 * * * *", "10:05:00")]
    [InlineData("*/5 * * * * *", "10:00:05")]
    [InlineData("00:00:30", "10:00:30")]
    [InlineData("0 30 9 * * *", "33:30:00")]
    public void Five_fields_begin_with_minutes_and_six_with_seconds(string text, string next)
    {
        var now = new DateTimeOffset(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);
        var expected = now.Date + TimeSpan.FromHours(int.Parse(next[..2], System.Globalization.CultureInfo.InvariantCulture))
            + TimeSpan.Parse("00" + next[2..], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(new DateTimeOffset(expected, TimeSpan.Zero), TimerSchedule.Parse(text)!.Next(now, TimeZoneInfo.Utc));
    }

    [Theory]
    [InlineData("never")]
    [InlineData("* * *")]
    [InlineData("-00:00:01")]
    [InlineData("61 * * * *")]
    public void Anything_else_is_no_schedule(string text) => Assert.Null(TimerSchedule.Parse(text));

    // 4.4: UseMonitor is switched off automatically when the schedule can fire more than once a minute.
    [Theory]
    [InlineData("*/30 * * * * *", true)]
    [InlineData("0 * * * * *", false)]
    [InlineData("00:00:59", true)]
    [InlineData("00:01:00", false)]
    public void A_schedule_below_a_minute_is_not_monitored(string text, bool tooFast) =>
        Assert.Equal(tooFast, TimerSchedule.Parse(text)!.CanFireMoreThanOncePerMinute(FakeTime.Start.GetUtcNow(), TimeZoneInfo.Utc));

    // 4.4: point-in-time schedules run once in the repeated hour (DST side). Berlin, 2026-10-25 03:00+02:00 -> 02:00+01:00.
    [Fact]
    public void A_point_in_time_runs_once_in_the_repeated_hour()
    {
        var schedule = TimerSchedule.Parse("0 30 2 * * *")!;
        var first = schedule.Next(At("2026-10-25T00:00:00+02:00"), Berlin);
        Assert.Equal(At("2026-10-25T02:30:00+02:00"), first);
        Assert.Equal(At("2026-10-26T02:30:00+01:00"), schedule.Next(first, Berlin));
        Assert.Equal(At("2026-10-26T02:30:00+01:00"), schedule.Next(At("2026-10-25T02:10:00+01:00"), Berlin));
    }

    // 4.4: interval schedules keep running.
    [Fact]
    public void An_interval_keeps_running_through_the_repeated_hour()
    {
        var schedule = TimerSchedule.Parse("0 */30 * * * *")!;
        var runs = new List<DateTimeOffset> { At("2026-10-25T01:30:00+02:00") };
        for (var i = 0; i < 5; i++)
        {
            runs.Add(schedule.Next(runs[^1], Berlin));
        }

        Assert.All(runs.Zip(runs.Skip(1)), pair => Assert.Equal(TimeSpan.FromMinutes(30), pair.Second - pair.First));
    }

    // 4.4: invalid spring times move forward. Berlin, 2026-03-29 02:00+01:00 -> 03:00+02:00.
    [Theory]
    [InlineData("0 30 2 * * *", "2026-03-29T03:30:00+02:00")]
    [InlineData("0 */30 * * * *", "2026-03-29T03:00:00+02:00")]
    public void A_skipped_hour_is_left_forward(string text, string next) =>
        Assert.Equal(At(next), TimerSchedule.Parse(text)!.Next(At("2026-03-29T01:45:00+01:00"), Berlin));

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
