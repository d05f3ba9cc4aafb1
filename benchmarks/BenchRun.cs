using Millrace.Benchmarks.Bars;

namespace Millrace.Benchmarks;

/// <summary>
/// Runs the bars that were asked for, and prints their figures. Beside peers stand those that have peers; each other bar has servers of its own. Those that
/// are held against the limit come first.
/// </summary>
internal static class BenchRun
{
    private static readonly (string Verb, Func<BenchPlan, BenchReport, CancellationToken, Task> RunAsync)[] Others =
    [
        ("cost", Cost.RunAsync),
        ("scale", Scale.RunAsync),
        ("mixed", Mixed.RunAsync),
        (ManyQueues.Verb, ManyQueues.RunAsync),
        ("growth", Growth.RunAsync),
        ("pinned-snapshot", PinnedSnapshot.RunAsync),
        (WorstCaller.Verb, WorstCaller.RunAsync),
        ("idle", Idle.RunAsync),
        ("start", Start.RunAsync),
    ];

    internal static async Task<int> RunAsync(BenchPlan plan, CancellationToken cancellation)
    {
        var report = new BenchReport();
        if (plan.Wants("bulk", "drain", "single", "latency", "cold"))
        {
            await BesidePeersAsync(plan, report, cancellation);
        }

        foreach (var (verb, runAsync) in Others.Where(other => plan.Wants(other.Verb)))
        {
            await Console.Error.WriteLineAsync($"--- {verb}");
            await runAsync(plan, report, cancellation);
        }

        report.Print();
        BarTable.Print(report);
        if (plan.Json is { } file)
        {
            await File.WriteAllBytesAsync(file, report.ToJson(), cancellation);
        }

        return 0;
    }

    private static async Task BesidePeersAsync(BenchPlan plan, BenchReport report, CancellationToken cancellation)
    {
        await using var stage = await BenchStage.StartAsync(plan, cancellation);
        if (plan.Wants("bulk", "drain"))
        {
            await BulkAndDrain.RunAsync(stage, plan, report, cancellation);
        }

        if (plan.Wants("single"))
        {
            await new SingleSubmit(stage, plan, report).RunAsync(cancellation);
        }

        if (plan.Wants("latency"))
        {
            await new StartLatency(stage, plan, report).RunAsync(cancellation);
        }

        if (plan.Wants("cold"))
        {
            await new StartLatency(stage, plan, report).RunColdAsync(cancellation);
        }

        if (plan.Peers is { } script)
        {
            await Peers.RunAsync(script, stage, plan, report, cancellation);
        }
    }
}
