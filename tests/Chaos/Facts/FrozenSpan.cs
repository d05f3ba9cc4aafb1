namespace Millrace.Tests.Chaos.Facts;

/// <summary>An executor that was stopped, and went on.</summary>
internal sealed record FrozenSpan(int ProcessId, long From, long Until);
