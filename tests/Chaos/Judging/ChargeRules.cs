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
    private const long LongestAbout = Monotonic.Second / 2;

    /// <summary>
    /// Every crashed attempt whose process did not die, or was neither running it nor just about to begin it. A process that died before its first heartbeat is in
    /// no list of executors; then any dead process that had begun the attempt will do.
    /// </summary>
    internal static IEnumerable<Violation> Charged(Evidence evidence) =>
        from charge in Charges(evidence)
        where charge.Why is not null
        select new Violation(Rule.Charged, $"Attempt {charge.Line.Attempt} of task {charge.Task} counts as crashed, but {charge.Why}.");

    /// <summary>How many attempts a death has cost tasks which had not begun, but were just about to.</summary>
    internal static int AboutToBegin(Evidence evidence) => Charges(evidence).Count(static charge => charge.Why is null && !charge.HadBegun);

    /// <summary>An attempt that was charged, or a death that was recorded, and taken back: who slept or was cut off could not be told from the dead. Nobody else.</summary>
    internal static IEnumerable<Violation> TakenBack(Evidence evidence)
    {
        var kept = evidence.Rows.SelectMany(static row => row.History.Select(line => (row.Id, line.Attempt, line.Outcome, line.ExecutorId))).ToHashSet();
        var died = evidence.Ended.Where(static end => end.How != EndKind.Stopped).Select(static end => end.ProcessId).ToHashSet();
        var slept = evidence.Frozen.Select(static span => span.ProcessId).ToHashSet();
        var charged =
            from noted in evidence.Lines
            where noted.Line.Outcome == Crashed && !kept.Contains((noted.Task, noted.Line.Attempt, noted.Line.Outcome, noted.Line.ExecutorId))
            let process = noted.Line.ExecutorId is { } id && evidence.Executors.TryGetValue(id, out var known) ? known : (int?)null
            where process is null || (!died.Contains(process.Value) && !slept.Contains(process.Value))
            select $"Attempt {noted.Line.Attempt} of task {noted.Task} counted as crashed for a while, but its process {process} neither died nor slept.";
        var buried = evidence.Ends.Where(end => end.UndoneAt is not null && slept.Count == 0).Select(static end => $"Task {end.Id} was dead for a while, and no process had slept.");
        return charged.Distinct().Concat(buried).Select(static sentence => new Violation(Rule.Charged, sentence));
    }

    /// <summary>Where a scenario says how often a crash may cost one that does no harm.</summary>
    internal static IEnumerable<Violation> ChargedOften(Evidence evidence)
    {
        var killers = Killers(evidence);
        return
            from row in evidence.Rows
            where evidence.Expected.MostCharges is not null && !killers.Contains(row.Id)
            let charges = row.History.Count(static line => line.Outcome == Crashed)
            where charges > evidence.Expected.MostCharges
            select new Violation(Rule.Charged, $"Task {row.Id} does no harm, and was charged {charges} times.");
    }

    private static IEnumerable<(Guid Task, HistoryLine Line, bool HadBegun, string? Why)> Charges(Evidence evidence)
    {
        var died = evidence.Ended.Where(static end => end.How != EndKind.Stopped).ToDictionary(static end => end.ProcessId, static end => end.At);
        var noted = evidence.Noted.ToLookup(static span => (span.Task, span.Executor), static span => span.From);
        var begun = evidence.Witness.Where(static line => line.Event == WitnessEvent.Begin)
            .ToLookup(static line => (line.Task, line.Attempt), static line => line.ProcessId);
        foreach (var row in evidence.Rows)
        {
            foreach (var line in row.History.Where(static line => line.Outcome == Crashed))
            {
                var process = line.ExecutorId is { } id && evidence.Executors.TryGetValue(id, out var known) ? known : (int?)null;
                HashSet<int> begunBy = [.. begun[(row.Id, line.Attempt)]];
                var since = line.ExecutorId is { } executor ? noted[(row.Id, executor)] : [];
                yield return (row.Id, line, process is { } one ? begunBy.Contains(one) : begunBy.Any(died.ContainsKey), WhyWrong(process, died, begunBy, [.. since], line.EndedAt));
            }
        }
    }

    /// <param name="process">Whose ticket held the attempt, as far as known.</param>
    /// <param name="died">When processes died.</param>
    /// <param name="begunBy">The processes that began the attempt.</param>
    /// <param name="notedSince">Since when the attempt counted as begun, each time. A dead process's notes stay for seconds, so what no look saw was never noted.</param>
    /// <param name="chargedAt">When it was charged, as far as known.</param>
    private static string? WhyWrong(int? process, Dictionary<int, long> died, HashSet<int> begunBy, long[] notedSince, long? chargedAt)
    {
        if (process is not { } one)
        {
            return begunBy.Any(died.ContainsKey) || died.Values.Any(at => notedSince.Any(from => Math.Abs(at - from) <= LongestAbout))
                ? null
                : "no process that died had begun it, or was about to";
        }

        if (!died.TryGetValue(one, out var death))
        {
            return $"its process {one} did not die";
        }

        if (chargedAt < death - BeginRules.Tick)
        {
            return string.Create(CultureInfo.InvariantCulture, $"its process {one} died only {Monotonic.Seconds(death - chargedAt!.Value):0.0} s later");
        }

        if (begunBy.Contains(one))
        {
            return null;
        }

        // A look that was broken off begins its spans anew; what begins after the death says nothing.
        var since = notedSince.Where(from => from <= death).DefaultIfEmpty(long.MinValue).Max();
        return since == long.MinValue ? $"process {one} had not begun it, nor was about to"
            : death - since > LongestAbout
                ? string.Create(CultureInfo.InvariantCulture, $"process {one} had not begun it in the {Monotonic.Seconds(death - since):0.0} s that it counted as begun")
                : null;
    }

    internal static IEnumerable<Violation> Attempts(Evidence evidence)
    {
        var most = MostAttempts(evidence);
        var counted = evidence.Rows.Where(row => most.TryGetValue(row.Id, out var limit) && row.Attempts > limit)
            .Select(row => new Violation(Rule.Attempts, $"Task {row.Id} has {row.Attempts} attempts of at most {most[row.Id]}."));
        var begun = evidence.Witness.Where(line => most.TryGetValue(line.Task, out var limit) && line.Attempt > limit)
            .GroupBy(static line => line.Task)
            .Select(lines => new Violation(Rule.Attempts, $"Task {lines.Key} began attempt {lines.Max(static line => line.Attempt)} of at most {most[lines.Key]}."));
        return counted.Concat(begun);
    }

    /// <summary>
    /// A dead letter is poison only where the handler kills. A task whose attempts were used up by deaths of others says that it was interrupted.
    /// No other task of the programme is meant to die, and none before its last attempt.
    /// </summary>
    internal static IEnumerable<Violation> DiedWrongly(Evidence evidence)
    {
        var killers = Killers(evidence);
        var most = MostAttempts(evidence);
        return
            from row in evidence.Rows
            where row.Place == RowPlace.Dead && row.Outcome != Cancelled
            let isRight = killers.Contains(row.Id)
                ? row.Outcome == Poison
                : row.Outcome == Interrupted && row.History.Any(static line => line.Outcome == Crashed)
            where !isRight || row.Attempts < most.GetValueOrDefault(row.Id)
            select new Violation(Rule.DiedWrongly, $"Task {row.Id} is a dead letter for '{row.Outcome}' after {row.Attempts} of {most.GetValueOrDefault(row.Id)} attempts.");
    }

    private static HashSet<Guid> Killers(Evidence evidence) =>
        evidence.Accepted.Where(static task => task.Type == TaskTypes.Killer).Select(static task => task.Id).ToHashSet();

    private static Dictionary<Guid, int> MostAttempts(Evidence evidence) =>
        evidence.Accepted.GroupBy(static task => task.Id).ToDictionary(static same => same.Key, static same => same.First().MaxRetries + 1);
}
