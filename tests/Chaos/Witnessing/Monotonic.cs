namespace Millrace.Tests.Chaos.Witnessing;

/// <summary>The clock that all processes of this machine share: nanoseconds of CLOCK_MONOTONIC, which no wall clock moves.</summary>
internal static class Monotonic
{
    internal const long Second = 1_000_000_000;

    // Linux gives nanoseconds, so this is a division by one there.
    internal static long Now => TimeProvider.System.GetTimestamp() / (TimeProvider.System.TimestampFrequency / Second);

    internal static long Of(TimeSpan time) => time.Ticks * 100;

    internal static double Seconds(long nanoseconds) => nanoseconds / (double)Second;
}
