namespace Millrace.Tests.Chaos.Facts;

/// <summary>How an executor process ended.</summary>
/// <param name="ProcessId">The process.</param>
/// <param name="At">When its end was seen.</param>
/// <param name="How">By whose hand.</param>
/// <param name="ExitCode">As the system told it.</param>
internal sealed record ProcessEnd(int ProcessId, long At, EndKind How, int ExitCode);
