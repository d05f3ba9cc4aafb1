using Millrace.Benchmarks.Load;

namespace Millrace.Benchmarks.Bars;

/// <summary>
/// P5: bulk and drain on an empty database, and beside 5 million scheduled, 5 million finished and 1 million dead tasks. The empty one is measured before and
/// after, for the machine's speed may drift meanwhile.
/// </summary>
internal static class Growth
{
    internal static async Task RunAsync(BenchPlan plan, BenchReport report, CancellationToken cancellation)
    {
        await using var stage = await BenchStage.StartAsync(plan, cancellation);
        await TaskRound.WarmUpAsync(stage, plan.Jobs / 5, cancellation);
        var before = await BulkAndDrain.MeasureAsync(stage, plan, cancellation);
        await SeedScript.FillAsync(stage, "growth-seed.sql", cancellation);
        await TaskRound.WarmUpAsync(stage, plan.Jobs / 5, cancellation);
        await BulkAndDrain.RunAsync(stage, plan, report, Figures.WithHistory, cancellation);
        await stage.DoAsync("TRUNCATE tasks, finished_tasks, dead_letters", cancellation);
        var after = await BulkAndDrain.MeasureAsync(stage, plan, cancellation);
        BulkAndDrain.Tell(report, Figures.WithoutHistory, [.. before, .. after]);
    }
}
