using Millrace.Benchmarks.Load;

namespace Millrace.Benchmarks.Bars;

/// <summary>P1 and P2: 200 bytes of data a task, no-op handler.</summary>
internal static class BulkAndDrain
{
    internal static async Task RunAsync(BenchStage stage, BenchPlan plan, BenchReport report, CancellationToken cancellation)
    {
        await TaskRound.WarmUpAsync(stage, plan.Jobs / 5, cancellation);
        await RunAsync(stage, plan, report, string.Empty, cancellation);
    }

    /// <param name="stage">Warm.</param>
    /// <param name="plan">How many rounds of how many tasks.</param>
    /// <param name="report">Takes the figures.</param>
    /// <param name="what">Words behind the figures' names.</param>
    /// <param name="cancellation">Ends it.</param>
    internal static async Task RunAsync(BenchStage stage, BenchPlan plan, BenchReport report, string what, CancellationToken cancellation) =>
        Tell(report, what, await MeasureAsync(stage, plan, cancellation));

    /// <returns>Tasks a second, in and out, of each round.</returns>
    internal static async Task<(double Bulk, double Drain)[]> MeasureAsync(BenchStage stage, BenchPlan plan, CancellationToken cancellation)
    {
        var rounds = new (double, double)[plan.Rounds];
        for (var round = 0; round < rounds.Length; round++)
        {
            rounds[round] = await new TaskRound(stage).RunAsync(plan.Jobs, TaskRound.NoOp, cancellation);
        }

        return rounds;
    }

    internal static void Tell(BenchReport report, string what, (double Bulk, double Drain)[] rounds)
    {
        report.Add("millrace", Figures.Bulk + what, "tasks/s", [.. rounds.Select(static round => round.Bulk)]);
        report.Add("millrace", Figures.Drain + what, "tasks/s", [.. rounds.Select(static round => round.Drain)]);
    }
}
