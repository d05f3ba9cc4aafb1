namespace Millrace.Handlers;

/// <summary>The data of <c>sleep</c>.</summary>
internal sealed record SleepData(double Seconds);
