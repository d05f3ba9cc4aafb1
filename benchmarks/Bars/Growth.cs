using Millrace.Benchmarks.Load;

namespace Millrace.Benchmarks.Bars;

/// <summary>P5: bulk and drain on an empty database, and beside 5 million scheduled, 5 million finished and 1 million dead tasks.</summary>
internal static class Growth
{
    internal static async Task RunAsync(BenchPlan plan, BenchReport report, CancellationToken cancellation)
    {
        await using var stage = await BenchStage.StartAsync(plan, cancellation);
        await TaskRound.WarmUpAsync(stage, plan.Jobs / 5, cancellation);
        await BulkAndDrain.RunAsync(stage, plan, report, " without history", cancellation);
        await SeedScript.FillAsync(stage, "growth-seed.sql", cancellation);
        await TaskRound.WarmUpAsync(stage, plan.Jobs / 5, cancellation);
        await BulkAndDrain.RunAsync(stage, plan, report, Figures.WithHistory, cancellation);
    }
}
