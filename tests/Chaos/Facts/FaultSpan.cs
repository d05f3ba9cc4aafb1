namespace Millrace.Tests.Chaos.Facts;

/// <summary>From the first moment of the fault to its last, in monotonic nanoseconds. A kill begins and ends at once.</summary>
internal sealed record FaultSpan(long From, long Until);
