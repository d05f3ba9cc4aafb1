namespace Millrace.Tests.Chaos.Facts;

/// <summary>An executor that was stopped, or cut off from PostgreSQL, and went on.</summary>
internal sealed record FrozenSpan(int ProcessId, long From, long Until);
