namespace Millrace.Local.Demo;

/// <summary>How long a run took, by the database's clock.</summary>
/// <param name="Tasks">Tasks of the run.</param>
/// <param name="Attempts">Attempts that were made for them.</param>
/// <param name="UntilLast">From the first acceptance to the last end.</param>
/// <param name="UntilMost">The same until 98 % had ended; the rest waits for its retries.</param>
internal sealed record DemoTimes(long Tasks, long Attempts, TimeSpan UntilLast, TimeSpan UntilMost);
