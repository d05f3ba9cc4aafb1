namespace Millrace.Tests.Chaos.Judging;

/// <summary>One rule, broken once.</summary>
internal sealed record Violation(Rule Rule, string Sentence);
