namespace Millrace.Tests.Chaos.Facts;

/// <summary>An executor that was asked to stop and lives on.</summary>
/// <param name="ProcessId">The process.</param>
/// <param name="AskedAt">When it was asked.</param>
/// <param name="SeenAt">When it still lived.</param>
internal sealed record UnansweredStop(int ProcessId, long AskedAt, long SeenAt);
