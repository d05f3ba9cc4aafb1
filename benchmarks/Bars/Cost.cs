using System.Text.Json;
using Millrace.Benchmarks.Load;

namespace Millrace.Benchmarks.Bars;

/// <summary>P8, and P2 with a million tasks: what they cost by the product's own count, and the most memory that the host took.</summary>
internal static class Cost
{
    private const int Million = 1_000_000;
    private const double Megabyte = 1_048_576;

    private static readonly string[] Kinds = ["storage_queue_calls", "function_runs", "sql_statements", "wal_bytes"];

    internal static async Task RunAsync(BenchPlan plan, BenchReport report, CancellationToken cancellation)
    {
        await using var stage = await BenchStage.StartAsync(plan, cancellation);
        await TaskRound.WarmUpAsync(stage, plan.Jobs / 5, cancellation);
        var before = await CountedAsync(stage, cancellation);
        var round = new TaskRound(stage);
        var bulk = await round.FillAsync(Million, TaskRound.NoOp, cancellation);
        await round.EmptyAsync(cancellation);
        var after = await CountedAsync(stage, cancellation);
        var drain = await round.DrainRateAsync(Million, cancellation);
        report.Add("millrace", Figures.Bulk + Figures.Million, "tasks/s", bulk);
        report.Add("millrace", Figures.Drain + Figures.Million, "tasks/s", drain);
        foreach (var kind in Kinds)
        {
            report.Add("millrace", Figures.CostOf + kind, kind == "wal_bytes" ? "bytes" : "times", after[kind] - before[kind]);
        }

        stage.Host.Process.Refresh();
        report.Add("millrace", Figures.Memory, "MB", stage.Host.Process.PeakWorkingSet64 / Megabyte);
    }

    /// <summary>After the host has told: it does twice a minute, beside a run.</summary>
    private static async Task<Dictionary<string, long>> CountedAsync(BenchStage stage, CancellationToken cancellation)
    {
        await Task.Delay(TimeSpan.FromSeconds(35), TimeProvider.System, cancellation);
        using var stats = JsonDocument.Parse(await stage.Client.GetByteArrayAsync(new Uri("api/v1/dashboard/stats", UriKind.Relative), cancellation));
        var cost = stats.RootElement.GetProperty("cost");
        return Kinds.ToDictionary(static kind => kind, kind => cost.GetProperty(kind).GetInt64());
    }
}
