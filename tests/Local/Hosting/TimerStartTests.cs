using Millrace.Local.Hosting.Timers;

namespace Millrace.Tests.Local.Hosting;

public sealed class TimerStartTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 0, 30, TimeSpan.Zero);
    private static readonly TimerSchedule Hourly = TimerSchedule.Parse("0 0 * * * *")!;

    // 4.4: no status -> write Next.
    [Fact]
    public void A_timer_that_is_new_only_writes_when_it_is_due()
    {
        var start = TimerStart.Decide(null, Hourly, Now, TimeZoneInfo.Utc);
        Assert.Equal(new TimerStart(new TimerStatus(null, Now.Date.AddHours(11), Now), IsPastDue: false, IsChanged: true), start);
    }

    // 4.4: now > Next -> one immediate run with IsPastDue=true (however many were missed).
    [Fact]
    public void A_missed_occurrence_is_past_due_once()
    {
        var last = Now.AddHours(-5).AddSeconds(-30);
        var start = TimerStart.Decide(new TimerStatus(last, last.AddHours(1), last), Hourly, Now, TimeZoneInfo.Utc);
        Assert.True(start.IsPastDue);
        Assert.False(start.IsChanged);
    }

    // 4.4: Status.Next != schedule.Next(Last) -> schedule changed: recompute, not past due.
    [Fact]
    public void A_changed_schedule_is_reckoned_anew_and_is_not_past_due()
    {
        var last = Now.AddDays(-2);
        var start = TimerStart.Decide(new TimerStatus(last, last.AddDays(1), last), Hourly, Now, TimeZoneInfo.Utc);
        Assert.Equal(new TimerStart(new TimerStatus(null, Now.Date.AddHours(11), last), IsPastDue: false, IsChanged: true), start);
    }

    [Fact]
    public void A_timer_that_never_ran_is_reckoned_from_its_last_update()
    {
        var updated = Now.AddMinutes(-10);
        var remembered = new TimerStatus(null, Now.Date.AddHours(10), updated);
        Assert.Equal(new TimerStart(remembered, IsPastDue: true, IsChanged: false), TimerStart.Decide(remembered, Hourly, Now, TimeZoneInfo.Utc));
    }
}
