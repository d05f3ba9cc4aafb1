using System.Globalization;
using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Witnessing;

namespace Millrace.Tests.Chaos.Judging;

/// <summary>
/// A probe, sent four times a second all along, and once a second into a queue that nobody has heard of, starts in time: after the fault always, during it where the fault hits nothing that it
/// needs. For the first second after the fault a refusal is no breach yet.
/// </summary>
internal static class FreshRules
{
    private const long Bar = Monotonic.Second;

    internal static Recovery Judge(Evidence evidence)
    {
        var from = evidence.Expected.FreshDuringFault ? evidence.Fault.From : evidence.Fault.Until;
        var begun = evidence.Witness.Where(static line => line.Event == WitnessEvent.Begin)
            .GroupBy(static line => line.Task).ToDictionary(static lines => lines.Key, static lines => lines.Min(static line => line.Nanoseconds));

        // What was sent just before a process died may have been in its hands: that is older work.
        var deaths = evidence.Ended.Where(static end => end.How == EndKind.Killed).Select(static end => end.At).ToList();
        bool IsFresh(SentTask task) => !deaths.Exists(at => at >= task.SentAt && at <= task.SentAt + Bar && !(begun.TryGetValue(task.Id, out var began) && began < at));
        var taken = evidence.Accepted.Where(task => task.IsProbe && task.SentAt >= from && !IsFresh(task))
            .Select(task => (task, Waited: begun.GetValueOrDefault(task.Id, evidence.Until) - task.SentAt))
            .Where(wait => wait.Waited > Bar + Monotonic.Of(evidence.Expected.OldWithin))
            .Select(wait => new Violation(Rule.Resumed, Sentence(evidence, wait.task, wait.Waited, begun.ContainsKey(wait.task.Id))));

        // What had not begun by the last look is judged by how long it had waited then.
        var waits = evidence.Accepted.Where(task => task.IsProbe && task.SentAt >= from && IsFresh(task))
            .Select(task => (task, Waited: begun.GetValueOrDefault(task.Id, evidence.Until) - task.SentAt, Begun: begun.ContainsKey(task.Id)))
            .Where(wait => wait.Begun || wait.Waited > Bar).ToList();
        var late = waits.Where(wait => wait.Waited > Bar).OrderByDescending(static wait => wait.Waited).Select(wait => new Violation(Rule.Fresh, Sentence(evidence, wait.task, wait.Waited, wait.Begun)));
        var refused = evidence.Refusals
            .Where(refusal => refusal.SentAt >= from && (evidence.Expected.FreshDuringFault || refusal.SentAt > evidence.Fault.Until + Bar))
            .Select(refusal => new Violation(
                Rule.Fresh, $"A probe was refused {Seconds(refusal.SentAt - evidence.Fault.Until)} s after the fault: {refusal.Reason}"));
        return new(waits.Count == 0 ? null : Monotonic.Seconds(waits.Max(static wait => wait.Waited)), [.. late, .. refused, .. taken]);
    }

    private static string Sentence(Evidence evidence, SentTask task, long waited, bool begun) =>
        $"Probe {task.Id}, sent {Seconds(task.SentAt - evidence.Fault.Until)} s after the fault, into queue {task.Queue}, accepted after {Seconds(task.AcceptedAt - task.SentAt)} s, "
        + (begun ? $"began after {Seconds(waited)} s." : $"had not begun after {Seconds(waited)} s.");

    private static string Seconds(long nanoseconds) => Monotonic.Seconds(nanoseconds).ToString("0.00", CultureInfo.InvariantCulture);
}
