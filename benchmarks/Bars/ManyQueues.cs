using System.Globalization;
using Millrace.Benchmarks.Load;

namespace Millrace.Benchmarks.Bars;

/// <summary>P13: as many tasks over 100 and over 1,000 queues as in one, and the same work done with each.</summary>
internal static class ManyQueues
{
    internal const string Verb = "queues";

    private static readonly int[] Counts = [1, 100, 1_000];

    /// <summary>What the drain over so many queues is called.</summary>
    internal static string Drain(int queues) => Figures.Drain + string.Create(CultureInfo.InvariantCulture, $", {queues:N0} queues");

    internal static async Task RunAsync(BenchPlan plan, BenchReport report, CancellationToken cancellation)
    {
        await using var stage = await BenchStage.StartAsync(plan, cancellation);
        await TaskRound.WarmUpAsync(stage, plan.Jobs / 5, cancellation);
        foreach (var queues in Counts)
        {
            await new TaskRound(stage, queues).RunAsync(plan.Jobs / 5, TaskRound.NoOp, cancellation);
        }

        var rates = Counts.ToDictionary(static queues => queues, _ => new double[plan.Rounds]);
        for (var round = 0; round < plan.Rounds; round++)
        {
            // In turn: a machine's speed changes within minutes, and the bar is a ratio.
            foreach (var queues in Counts)
            {
                rates[queues][round] = (await new TaskRound(stage, queues).RunAsync(plan.Jobs, TaskRound.NoOp, cancellation)).Drain;
            }
        }

        foreach (var queues in Counts)
        {
            report.Add("millrace", Drain(queues), "tasks/s", rates[queues]);
        }
    }
}
