using Microsoft.Azure.Functions.Worker;

namespace Millrace.Local.Hosting.Timers;

/// <summary>What is remembered of a timer between runs and hosts. <paramref name="Last"/> is null before the first run.</summary>
internal sealed record TimerStatus(DateTimeOffset? Last, DateTimeOffset Next, DateTimeOffset LastUpdated)
{
    public ScheduleStatus ToScheduleStatus() => new()
    {
        Last = Last is { } last ? Local(last) : default,
        Next = Local(Next),
        LastUpdated = Local(LastUpdated),
    };

    private static DateTime Local(DateTimeOffset time) => DateTime.SpecifyKind(time.DateTime, DateTimeKind.Local);
}
