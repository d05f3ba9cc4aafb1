namespace Millrace.Tests.Chaos.Facts;

/// <summary>A probe that no living host accepted.</summary>
internal sealed record ProbeRefusal(long SentAt, string Reason);
