using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Handlers;
using Millrace.Tests.Chaos.Witnessing;

namespace Millrace.Tests.Chaos.Judging;

/// <summary>
/// Work that was there before the fault ended goes on in time: each task that a dead process had begun begins again, so does each that was given back in
/// the middle, and of what had not begun the first of each queue does. Scenarios leave places free for it.
/// </summary>
internal static class ResumeRules
{
    internal static Recovery Judge(Evidence evidence)
    {
        var begins = evidence.Witness.Where(static line => line.Event == WitnessEvent.Begin).ToList();
        List<(string What, long Waited)> waits = [.. Interrupted(evidence, begins), .. GivenBack(evidence, begins), .. Waiting(evidence, begins)];
        var bar = Monotonic.Of(evidence.Expected.OldWithin);
        return new(
            waits.Count == 0 ? null : Monotonic.Seconds(Math.Max(0, waits.Max(static wait => wait.Waited))),
            [
                .. waits.Where(wait => wait.Waited > bar).OrderByDescending(static wait => wait.Waited).Select(static wait => new Violation(
                    Rule.Resumed, $"{wait.What} went on only {Monotonic.Seconds(wait.Waited):0.0} s after the fault.")),
            ]);
    }

    /// <summary>Tasks that a dead process had begun and not ended. Who kills may wait for as long as the pipeline likes.</summary>
    private static IEnumerable<(string What, long Waited)> Interrupted(Evidence evidence, List<WitnessLine> begins)
    {
        var ended = evidence.Witness.Where(static line => line.Event != WitnessEvent.Begin)
            .Select(static line => (line.Task, line.Attempt, line.ProcessId)).ToHashSet();
        return
            from end in evidence.Ended
            where end.How == EndKind.Killed
            from begin in begins
            where begin.ProcessId == end.ProcessId && !ended.Contains((begin.Task, begin.Attempt, begin.ProcessId))
            from wait in Again(evidence, begins, begin, end.At)
            select ($"Task {begin.Task}, interrupted in process {end.ProcessId},", wait);
    }

    /// <summary>Tasks whose handler was stopped in the middle, and that nobody wanted to end: their executor stopped, or could not keep its ticket.</summary>
    private static IEnumerable<(string What, long Waited)> GivenBack(Evidence evidence, List<WitnessLine> begins) =>
        from stopped in evidence.Witness
        where stopped.Event == WitnessEvent.Stopped && !evidence.CancelsAsked.Contains(stopped.Task)
        from wait in Again(evidence, begins, stopped, stopped.Nanoseconds)
        select ($"Task {stopped.Task}, stopped in process {stopped.ProcessId},", wait);

    /// <summary>How long it took until the task began again; nothing where it need not, for it is over.</summary>
    private static IEnumerable<long> Again(Evidence evidence, List<WitnessLine> begins, WitnessLine line, long from)
    {
        var task = evidence.Accepted.FirstOrDefault(task => task.Id == line.Task);
        var again = begins.Where(begin => begin.Task == line.Task && begin.Nanoseconds > line.Nanoseconds)
            .Select(static begin => (long?)begin.Nanoseconds).Min();
        var isOver = evidence.Rows.Any(row => row.Id == line.Task && row.Place != RowPlace.Live);
        return task is null || task.Type == TaskTypes.Killer || (again is null && isOver)
            ? []
            : [(again ?? evidence.Until) - Math.Max(from, evidence.Fault.Until)];
    }

    /// <summary>The first of each queue of those that were due and had not begun when the fault ended. Probes are judged by themselves.</summary>
    private static IEnumerable<(string What, long Waited)> Waiting(Evidence evidence, List<WitnessLine> begins)
    {
        var end = evidence.Fault.Until;
        var first = begins.GroupBy(static begin => begin.Task).ToDictionary(static same => same.Key, static same => same.Min(static begin => begin.Nanoseconds));
        var over = evidence.Rows.Where(row => row.RecordedAt <= end).Select(static row => row.Id).ToHashSet();
        return evidence.Accepted
            .Where(task => !task.IsProbe && task.DueAt <= end && task.AcceptedAt <= end && !over.Contains(task.Id) && !evidence.CancelsAsked.Contains(task.Id))
            .Where(task => !first.TryGetValue(task.Id, out var began) || began > end)
            .GroupBy(static task => task.Queue)
            .Select(tasks => ($"What waited in queue {tasks.Key} since before the fault's end", tasks.Min(task => first.GetValueOrDefault(task.Id, evidence.Until) - end)));
    }
}
