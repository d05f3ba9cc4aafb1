using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Witnessing;

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

    /// <summary>Successes that no handler returned before they were recorded, and cancels that nobody asked for, or that were answered and came to nothing.</summary>
    internal static IEnumerable<Violation> Unearned(Evidence evidence)
    {
        var accepted = evidence.Accepted.Select(static task => task.Id).ToHashSet();
        var succeeded = evidence.Witness.Where(static line => line.Event == WitnessEvent.Succeeded).ToLookup(static line => line.Task, static line => line.Nanoseconds);
        var cancelled = evidence.Cancelled.Select(static cancel => cancel.Id).ToHashSet();
        return
            from row in evidence.Rows
            where row.Place != RowPlace.Live && accepted.Contains(row.Id)
            let why = row.Outcome switch
            {
                _ when cancelled.Contains(row.Id) => row.Outcome == "cancelled" ? null : "its cancel was answered with 200",
                "cancelled" => evidence.CancelsAsked.Contains(row.Id) ? null : "nobody asked for it",
                "succeeded" => succeeded[row.Id].Any(at => at <= row.RecordedAt + BeginRules.Tick) ? null : "no handler had returned it",
                "expired" => "it had no deadline",
                _ => null,
            }
            where why is not null
            select new Violation(Rule.Unearned, $"Task {row.Id} is recorded as {row.Outcome}, but {why}.");
    }

    internal static IEnumerable<Violation> Undrained(Evidence evidence) =>
        evidence.Rows.Where(static row => row.Place == RowPlace.Live).Select(static row => new Violation(
            Rule.Undrained, $"Task {row.Id} has not ended; it has {row.Attempts} ended attempts."));
}
