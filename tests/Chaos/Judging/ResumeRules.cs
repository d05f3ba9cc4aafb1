using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Handlers;
using Millrace.Tests.Chaos.Witnessing;

namespace Millrace.Tests.Chaos.Judging;

/// <summary>
/// Work that was there before the fault ended goes on in time: each task that a dead process had begun begins again, and of what had
/// not begun the first does. Scenarios leave places free for it.
/// </summary>
internal static class ResumeRules
{
    internal static Recovery Judge(Evidence evidence)
    {
        var begins = evidence.Witness.Where(static line => line.Event == WitnessEvent.Begin).ToList();
        List<(string What, long Waited)> waits = [.. Interrupted(evidence, begins), .. Waiting(evidence, begins)];
        var bar = Monotonic.Of(evidence.Expected.OldWithin);
        return new(
            waits.Count == 0 ? null : Monotonic.Seconds(waits.Max(static wait => wait.Waited)),
            [
                .. waits.Where(wait => wait.Waited > bar).OrderByDescending(static wait => wait.Waited).Select(static wait => new Violation(
                    Rule.Resumed, $"{wait.What} went on only {Monotonic.Seconds(wait.Waited):0.0} s after the fault.")),
            ]);
    }

    /// <summary>Tasks that a dead process had begun and not ended. Who kills may wait for as long as the pipeline likes.</summary>
    private static IEnumerable<(string What, long Waited)> Interrupted(Evidence evidence, List<WitnessLine> begins)
    {
        var tasks = evidence.Accepted.Where(static task => task.Type != TaskTypes.Killer).GroupBy(static task => task.Id)
            .ToDictionary(static same => same.Key, static same => same.First());
        var ended = evidence.Witness.Where(static line => line.Event != WitnessEvent.Begin)
            .Select(static line => (line.Task, line.Attempt, line.ProcessId)).ToHashSet();
        var over = evidence.Rows.Where(static row => row.Place != RowPlace.Live).Select(static row => row.Id).ToHashSet();
        var byTask = begins.ToLookup(static begin => begin.Task);
        return
            from end in evidence.Ended
            where end.How == EndKind.Killed
            from begin in begins
            where begin.ProcessId == end.ProcessId && tasks.ContainsKey(begin.Task)
                && !ended.Contains((begin.Task, begin.Attempt, begin.ProcessId))
            let again = byTask[begin.Task].Where(line => line.Nanoseconds > begin.Nanoseconds && line.ProcessId != begin.ProcessId)
                .Select(static line => (long?)line.Nanoseconds).Min()
            where again is not null || !over.Contains(begin.Task)
            select ($"Task {begin.Task}, interrupted in process {end.ProcessId},",
                (again ?? evidence.Until) - Math.Max(end.At, evidence.Fault.Until));
    }

    /// <summary>The first of those that were due and had not begun when the fault ended.</summary>
    private static IEnumerable<(string What, long Waited)> Waiting(Evidence evidence, List<WitnessLine> begins)
    {
        var end = evidence.Fault.Until;
        var first = begins.GroupBy(static begin => begin.Task).ToDictionary(static same => same.Key, static same => same.Min(static begin => begin.Nanoseconds));
        var over = evidence.Rows.Where(row => row.RecordedAt <= end).Select(static row => row.Id).ToHashSet();
        var cancelled = evidence.Cancelled.Select(static cancel => cancel.Id).ToHashSet();
        var waiting = evidence.Accepted
            .Where(task => task.DueAt <= end && task.AcceptedAt <= end && !over.Contains(task.Id) && !cancelled.Contains(task.Id))
            .Where(task => !first.TryGetValue(task.Id, out var began) || began > end)
            .Select(task => first.GetValueOrDefault(task.Id, evidence.Until) - end).ToList();
        return waiting.Count == 0 ? [] : [("What waited since before the fault's end", waiting.Min())];
    }
}
