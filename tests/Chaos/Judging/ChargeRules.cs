using System.Globalization;
using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Handlers;
using Millrace.Tests.Chaos.Witnessing;

namespace Millrace.Tests.Chaos.Judging;

/// <summary>What a task pays for is its own doing, or the death of the process that really ran it.</summary>
internal static class ChargeRules
{
    private const string Crashed = "crashed";
    private const string Poison = "poison";
    private const string Interrupted = "interrupted";
    private const string Cancelled = "cancelled";

    /// <summary>A task counts as begun from a moment before it is. For so long it may.</summary>
    private const long AboutToBegin = Monotonic.Second / 2;

    /// <summary>
    /// Every crashed attempt whose process did not die, or was neither running it nor just about to begin it. A process that died before its first heartbeat is in
    /// no list of executors; then any dead process that had begun the attempt will do.
    /// </summary>
    internal static IEnumerable<Violation> Charged(Evidence evidence)
    {
        var died = evidence.Ended.Where(static end => end.How != EndKind.Stopped).ToLookup(static end => end.ProcessId, static end => end.At);
        var noted = evidence.Noted.ToLookup(static span => (span.Task, span.Executor), static span => span.From);
        var begun = evidence.Witness.Where(static line => line.Event == WitnessEvent.Begin)
            .ToLookup(static line => (line.Task, line.Attempt), static line => line.ProcessId);
        return
            from row in evidence.Rows
            from attempt in row.History
            where attempt.Outcome == Crashed
            let process = attempt.ExecutorId is { } id && evidence.Executors.TryGetValue(id, out var known) ? known : (int?)null
            let since = attempt.ExecutorId is { } executor ? noted[(row.Id, executor)].DefaultIfEmpty(long.MinValue).Max() : long.MinValue
            let why = WhyWrong(process, died, [.. begun[(row.Id, attempt.Attempt)]], since)
            where why is not null
            select new Violation(Rule.Charged, $"Attempt {attempt.Attempt} of task {row.Id} counts as crashed, but {why}.");
    }

    /// <param name="process">Whose ticket held the attempt, as far as known.</param>
    /// <param name="died">When processes died.</param>
    /// <param name="begunBy">The processes that began the attempt.</param>
    /// <param name="notedSince">Since when the attempt counted as begun. A dead process's notes stay for seconds, so what no look saw was never noted.</param>
    private static string? WhyWrong(int? process, ILookup<int, long> died, HashSet<int> begunBy, long notedSince) => process switch
    {
        { } one when !died.Contains(one) => $"its process {one} did not die",
        { } one when !begunBy.Contains(one) && notedSince == long.MinValue => $"process {one} had not begun it, nor was about to",
        { } one when !begunBy.Contains(one) && died[one].Max() - notedSince > AboutToBegin =>
            string.Create(CultureInfo.InvariantCulture, $"process {one} had not begun it in the {Monotonic.Seconds(died[one].Max() - notedSince):0.0} s that it counted as begun"),
        null when !begunBy.Any(died.Contains) && !died.Any(ends => notedSince != long.MinValue && Math.Abs(ends.Max() - notedSince) <= AboutToBegin) =>
            "no process that died had begun it, or was about to",
        _ => null,
    };

    internal static IEnumerable<Violation> Attempts(Evidence evidence)
    {
        var most = evidence.Accepted.GroupBy(static task => task.Id).ToDictionary(static same => same.Key, static same => same.First().MaxRetries + 1);
        var counted = evidence.Rows.Where(row => most.TryGetValue(row.Id, out var limit) && row.Attempts > limit)
            .Select(row => new Violation(Rule.Attempts, $"Task {row.Id} has {row.Attempts} attempts of at most {most[row.Id]}."));
        var begun = evidence.Witness.Where(line => most.TryGetValue(line.Task, out var limit) && line.Attempt > limit)
            .GroupBy(static line => line.Task)
            .Select(lines => new Violation(Rule.Attempts, $"Task {lines.Key} began attempt {lines.Max(static line => line.Attempt)} of at most {most[lines.Key]}."));
        return counted.Concat(begun);
    }

    /// <summary>
    /// A dead letter is poison only where the handler kills. A task whose attempts were used up by deaths of others says that it was interrupted.
    /// No other task of the programme is meant to die.
    /// </summary>
    internal static IEnumerable<Violation> DiedWrongly(Evidence evidence)
    {
        var killers = evidence.Accepted.Where(static task => task.Type == TaskTypes.Killer).Select(static task => task.Id).ToHashSet();
        return evidence.Rows
            .Where(row => row.Place == RowPlace.Dead && row.Outcome != Cancelled && !IsRight(row, killers.Contains(row.Id)))
            .Select(static row => new Violation(
                Rule.DiedWrongly, $"Task {row.Id} is a dead letter for '{row.Outcome}' after {row.Attempts} attempts; its handler gave no reason."));
    }

    private static bool IsRight(TaskRow row, bool kills) => kills
        ? row.Outcome == Poison
        : row.Outcome == Interrupted && row.History.Any(static line => line.Outcome == Crashed);
}
