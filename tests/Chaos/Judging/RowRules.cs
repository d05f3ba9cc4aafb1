using Millrace.Tests.Chaos.Facts;

namespace Millrace.Tests.Chaos.Judging;

/// <summary>Every accepted task has exactly one row, and in the end it is not among the live ones.</summary>
internal static class RowRules
{
    internal static IEnumerable<Violation> Lost(Evidence evidence)
    {
        var rows = evidence.Rows.Select(static row => row.Id).ToHashSet();
        return evidence.Accepted.Where(task => !rows.Contains(task.Id)).Select(static task => new Violation(
            Rule.Lost, $"Task {task.Id} of queue {task.Queue} was accepted and is in no table."));
    }

    internal static IEnumerable<Violation> Doubled(Evidence evidence) =>
        evidence.Rows.GroupBy(static row => row.Id).Where(static rows => rows.Count() > 1).Select(static rows => new Violation(
            Rule.Doubled, $"Task {rows.Key} has {rows.Count()} rows: {string.Join(", ", rows.Select(static row => $"{row.Place} {row.Outcome}".TrimEnd()))}."));

    internal static IEnumerable<Violation> Undrained(Evidence evidence) =>
        evidence.Rows.Where(static row => row.Place == RowPlace.Live).Select(static row => new Violation(
            Rule.Undrained, $"Task {row.Id} has not ended; it has {row.Attempts} ended attempts."));
}
