using System.Globalization;
using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Witnessing;

namespace Millrace.Tests.Chaos.Judging;

/// <summary>
/// A probe, sent four times a second all along, starts in time: after the fault always, during it where the fault hits nothing that it
/// needs. For the first second after the fault a refusal is no breach yet.
/// </summary>
internal static class FreshRules
{
    internal static Recovery Judge(Evidence evidence)
    {
        var from = evidence.Expected.FreshDuringFault ? evidence.Fault.From : evidence.Fault.Until;
        var bar = Monotonic.Of(evidence.Expected.FreshWithin);
        var begun = evidence.Witness.Where(static line => line.Event == WitnessEvent.Begin && line.Queue == SentTask.ProbeQueue)
            .GroupBy(static line => line.Task).ToDictionary(static lines => lines.Key, static lines => lines.Min(static line => line.Nanoseconds));

        // What had not begun by the last look is judged by how long it had waited then.
        var waits = evidence.Accepted.Where(task => task.IsProbe && task.SentAt >= from)
            .Select(task => (task, Waited: begun.GetValueOrDefault(task.Id, evidence.Until) - task.SentAt, Begun: begun.ContainsKey(task.Id)))
            .Where(wait => wait.Begun || wait.Waited > bar).ToList();
        var late = waits.Where(wait => wait.Waited > bar).OrderByDescending(static wait => wait.Waited).Select(wait => new Violation(Rule.Fresh, Sentence(evidence, wait.task, wait.Waited, wait.Begun)));
        var refused = evidence.Refusals
            .Where(refusal => refusal.SentAt >= from && (evidence.Expected.FreshDuringFault || refusal.SentAt > evidence.Fault.Until + bar))
            .Select(refusal => new Violation(
                Rule.Fresh, $"A probe was refused {Seconds(refusal.SentAt - evidence.Fault.Until)} s after the fault: {refusal.Reason}"));
        return new(waits.Count == 0 ? null : Monotonic.Seconds(waits.Max(static wait => wait.Waited)), [.. late, .. refused]);
    }

    private static string Sentence(Evidence evidence, SentTask task, long waited, bool begun) =>
        $"Probe {task.Id}, sent {Seconds(task.SentAt - evidence.Fault.Until)} s after the fault, "
        + (begun ? $"began after {Seconds(waited)} s." : $"had not begun after {Seconds(waited)} s.");

    private static string Seconds(long nanoseconds) => Monotonic.Seconds(nanoseconds).ToString("0.0", CultureInfo.InvariantCulture);
}
