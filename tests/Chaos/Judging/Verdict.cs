namespace Millrace.Tests.Chaos.Judging;

/// <summary>What the judge found.</summary>
/// <param name="Violations">Every one.</param>
/// <param name="WorstFreshSeconds">The longest that fresh work waited; none when nothing fresh was judged.</param>
/// <param name="WorstOldSeconds">The longest until older work went on; none when there was none.</param>
internal sealed record Verdict(IReadOnlyList<Violation> Violations, double? WorstFreshSeconds, double? WorstOldSeconds)
{
    internal bool Passed => Violations.Count == 0;

    internal int Count(Rule rule) => Violations.Count(violation => violation.Rule == rule);
}
