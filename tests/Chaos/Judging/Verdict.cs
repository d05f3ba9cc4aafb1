namespace Millrace.Tests.Chaos.Judging;

/// <summary>What the judge found.</summary>
/// <param name="Violations">Every one.</param>
/// <param name="WorstFreshSeconds">The longest that fresh work waited; none when nothing fresh was judged.</param>
/// <param name="WorstOldSeconds">The longest until older work went on; none when there was none.</param>
/// <param name="WorstStopSeconds">The longest that an executor took to stop; none when none was asked to.</param>
/// <param name="AboutToBegin">Attempts that a death has cost tasks which were just about to begin. Not promised away.</param>
internal sealed record Verdict(
    IReadOnlyList<Violation> Violations, double? WorstFreshSeconds, double? WorstOldSeconds, double? WorstStopSeconds, int AboutToBegin)
{
    internal int Count(Rule rule) => Violations.Count(violation => violation.Rule == rule);
}
