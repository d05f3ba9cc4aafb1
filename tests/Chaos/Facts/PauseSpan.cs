namespace Millrace.Tests.Chaos.Facts;

/// <summary>From the answer to a pause until the resume was sent.</summary>
internal sealed record PauseSpan(string Queue, long From, long Until);
