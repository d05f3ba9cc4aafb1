namespace Millrace.Tests.Chaos.Judging;

/// <summary>How long something took after the fault, and what was too slow.</summary>
internal sealed record Recovery(double? WorstSeconds, IReadOnlyList<Violation> Violations);
