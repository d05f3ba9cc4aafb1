using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Handlers;
using Millrace.Tests.Chaos.Judging;
using Millrace.Tests.Chaos.Witnessing;

namespace Millrace.Tests.ChaosProgram;

/// <summary>The evidence of a try that went well, for tests that change it.</summary>
internal static class Judged
{
    internal const int Process = 4711;
    internal const int Other = 4712;

    internal static readonly Guid Executor = Guid.CreateVersion7();
    internal static readonly Guid OtherExecutor = Guid.CreateVersion7();

    /// <summary>A task that began at 1 s, ended, and was recorded at 2 s. The fault lasts from 10 s to 20 s.</summary>
    internal static readonly SentTask Sent = new(Guid.CreateVersion7(), "work", TaskTypes.Slow, 1, 0, 0, 0);

    internal static readonly TaskRow Recorded = new(RowPlace.Finished, Sent.Id, "succeeded", 1, At(2), []);

    internal static Evidence Well => new()
    {
        Fault = new(At(10), At(20)),
        Accepted = [Sent],
        Witness = [Begin(Sent, 1), End(Sent, 1.5)],
        Rows = [Recorded],
        Executors = new Dictionary<Guid, int> { [Executor] = Process, [OtherExecutor] = Other },
        Until = At(60),
    };

    internal static Evidence Crashed(Guid executor) => Well with
    {
        Ended = [new(Process, At(10), EndKind.Killed, 137)],
        Witness = [Begin(Sent, 1), Begin(Sent, 14, process: Other, attempt: 2), End(Sent, 14, process: Other, attempt: 2)],
        Rows = [Recorded with { RecordedAt = At(15), Attempts = 2, History = [new(1, "crashed", executor)] }],
    };

    internal static void AssertOnly(Rule rule, Evidence evidence, params Rule[] besides)
    {
        var found = Judge.Decide(evidence).Violations.Select(static violation => violation.Rule).Distinct().Order();
        Assert.Equal(besides.Append(rule).Order(), found);
    }

    internal static long At(double seconds) => (long)(seconds * Monotonic.Second);

    internal static WitnessLine Begin(SentTask task, double seconds, int process = Process, int attempt = 1) =>
        new(WitnessEvent.Begin, task.Id, attempt, process, At(seconds), default, task.Type, task.Queue);

    internal static WitnessLine End(SentTask task, double seconds, int process = Process, int attempt = 1) =>
        Begin(task, seconds, process, attempt) with { Event = WitnessEvent.Succeeded };
}
