using System.Globalization;
using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Witnessing;

namespace Millrace.Tests.Chaos.Judging;

/// <summary>Nothing begins once its end is recorded, whoever recorded it.</summary>
internal static class BeginRules
{
    /// <summary>A tick of the scheduler on a busy machine, and the error between two clocks.</summary>
    internal const long Tick = Monotonic.Second / 4;

    /// <summary>The lease of a ticket, as the executors of the programme hold it.</summary>
    internal const long Lease = 10 * Monotonic.Second;

    internal static IEnumerable<Violation> Late(Evidence evidence)
    {
        var ends = Ends(evidence);
        return
            from begin in Begins(evidence)
            let late = ends[begin.Task].Where(end => begin.Nanoseconds > end.At + Tick && begin.Nanoseconds < (end.UndoneAt ?? long.MaxValue))
                .Select(end => begin.Nanoseconds - end.At).DefaultIfEmpty(0).Max()
            where late > 0
            select new Violation(Rule.BegunLate, string.Create(
                CultureInfo.InvariantCulture, $"Task {begin.Task} began in process {begin.ProcessId} {Monotonic.Seconds(late):0.0} s after its end was recorded."));
    }

    /// <summary>
    /// While a process lives, is awake and reaches PostgreSQL, it keeps its tickets: what it runs, or has done, begins nowhere else. Judged only where the
    /// scenario leaves it all that.
    /// </summary>
    internal static IEnumerable<Violation> Twice(Evidence evidence)
    {
        if (!evidence.Expected.RunsOnce)
        {
            return [];
        }

        var died = evidence.Ended.ToDictionary(static end => end.ProcessId, static end => end.AskedAt ?? end.At);
        var slept = evidence.Frozen.ToLookup(static span => span.ProcessId);
        var over = evidence.Witness.Where(static line => line.Event is WitnessEvent.Failed or WitnessEvent.Stopped)
            .ToLookup(static line => (line.Task, line.Attempt, line.ProcessId), static line => line.Nanoseconds);
        return
            from runs in Begins(evidence).GroupBy(static begin => begin.Task)
            from first in runs
            from second in runs
            where second.Nanoseconds > first.Nanoseconds && second.ProcessId != first.ProcessId
                && !over[(first.Task, first.Attempt, first.ProcessId)].Any(at => at <= second.Nanoseconds)
                && !(died.TryGetValue(first.ProcessId, out var end) && end <= second.Nanoseconds)
                && !slept[first.ProcessId].Any(span => span.From <= second.Nanoseconds && span.Until >= first.Nanoseconds)
            select new Violation(Rule.RunTwice, string.Create(CultureInfo.InvariantCulture,
                $"Task {first.Task}, which process {first.ProcessId} ran, began again in process {second.ProcessId} {Monotonic.Seconds(second.Nanoseconds - first.Nanoseconds):0.0} s later."));
    }

    /// <summary>
    /// A process that was frozen for longer than a lease holds nothing when it wakes, and a paused queue gives it nothing new. So it may
    /// begin nothing there, from the end of its lease until the queue is resumed.
    /// </summary>
    internal static IEnumerable<Violation> LateInPausedQueue(Evidence evidence) =>
        from frozen in evidence.Frozen
        let over = frozen.From + Lease + Tick
        where frozen.Until > over
        from pause in evidence.Paused
        where pause.From < over && pause.Until > frozen.Until
        from begin in Begins(evidence)
        where begin.ProcessId == frozen.ProcessId && begin.Queue == pause.Queue
        where begin.Nanoseconds > over && begin.Nanoseconds < pause.Until
        select new Violation(Rule.BegunLate,
            $"Task {begin.Task} of the paused queue {pause.Queue} began in process {begin.ProcessId}, which had been frozen for longer than its lease.");

    /// <summary>When the task's end was known: it was committed, or its cancel was answered. Rows tell it where no trigger was there yet.</summary>
    private static ILookup<Guid, NotedEnd> Ends(Evidence evidence)
    {
        var noted = evidence.Ends.Select(static end => end.Id).ToHashSet();
        return evidence.Ends
            .Concat(evidence.Rows.Where(row => row.RecordedAt is not null && !noted.Contains(row.Id)).Select(static row => new NotedEnd(row.Id, row.Place, row.RecordedAt!.Value)))
            .Concat(evidence.Cancelled.Select(static cancel => new NotedEnd(cancel.Id, RowPlace.Finished, cancel.AnsweredAt)))
            .ToLookup(static end => end.Id);
    }

    private static IEnumerable<WitnessLine> Begins(Evidence evidence) => evidence.Witness.Where(static line => line.Event == WitnessEvent.Begin);
}
