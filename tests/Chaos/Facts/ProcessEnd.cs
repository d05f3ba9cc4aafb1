namespace Millrace.Tests.Chaos.Facts;

/// <summary>How an executor process ended.</summary>
/// <param name="ProcessId">The process.</param>
/// <param name="At">When its end was seen.</param>
/// <param name="How">By whose hand.</param>
/// <param name="ExitCode">As the system told it.</param>
/// <param name="AskedAt">When it was asked to stop; none if it was not.</param>
internal sealed record ProcessEnd(int ProcessId, long At, EndKind How, int ExitCode, long? AskedAt = null);
