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
        return Begins(evidence)
            .Where(begin => ends.TryGetValue(begin.Task, out var end) && begin.Nanoseconds > end + Tick)
            .Select(begin => new Violation(Rule.BegunLate,
                $"Task {begin.Task} began in process {begin.ProcessId} {Monotonic.Seconds(begin.Nanoseconds - ends[begin.Task]):0.0} s after its end was recorded."));
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

    /// <summary>The first moment at which the task's end was known: its row was committed, or its cancel was answered.</summary>
    private static Dictionary<Guid, long> Ends(Evidence evidence) => evidence.Rows
        .Where(static row => row.RecordedAt is not null)
        .Select(static row => (row.Id, At: row.RecordedAt!.Value))
        .Concat(evidence.Cancelled.Select(static cancel => (cancel.Id, At: cancel.AnsweredAt)))
        .GroupBy(static end => end.Id)
        .ToDictionary(static ends => ends.Key, static ends => ends.Min(static end => end.At));

    private static IEnumerable<WitnessLine> Begins(Evidence evidence) => evidence.Witness.Where(static line => line.Event == WitnessEvent.Begin);
}
