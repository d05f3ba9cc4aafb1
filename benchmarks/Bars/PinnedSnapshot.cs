using System.Data;
using System.Globalization;
using Millrace.Benchmarks.Load;

namespace Millrace.Benchmarks.Bars;

/// <summary>
/// P6: 2,000 tasks a second for ten minutes while another session holds a snapshot open, so that nothing of what they leave behind can be
/// cleaned away; then a drain, which is compared with those before and after.
/// </summary>
internal static class PinnedSnapshot
{
    private const int PerSecond = 2_000;
    private const string Queue = "bench-pinned";

    internal static async Task RunAsync(BenchPlan plan, BenchReport report, CancellationToken cancellation)
    {
        await using var stage = await BenchStage.StartAsync(plan, cancellation);
        await TaskRound.WarmUpAsync(stage, plan.Jobs / 5, cancellation);
        var before = await BulkAndDrain.MeasureAsync(stage, plan, cancellation);
        await using var old = await stage.Database.OpenConnectionAsync(cancellation);
        await using var snapshot = await old.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        await using var pin = old.CreateCommand();
        pin.Transaction = snapshot;
        pin.CommandText = "SELECT count(*) FROM tasks";
        await pin.ExecuteScalarAsync(cancellation);

        var began = await stage.AskAsync<DateTime>("SELECT now()", cancellation);
        var sent = await TaskPump.RunAsync(stage, Queue, PerSecond, TimeSpan.FromMinutes(plan.Minutes), cancellation);
        await stage.DrainedAsync([Queue], began, cancellation);
        await TellMinutesAsync(stage, sent, plan, report, cancellation);
        await BulkAndDrain.RunAsync(stage, plan, report, Figures.Pinned, cancellation);
        await snapshot.RollbackAsync(cancellation);
        await stage.DoAsync("VACUUM", cancellation);
        var after = await BulkAndDrain.MeasureAsync(stage, plan, cancellation);
        BulkAndDrain.Tell(report, Figures.Unpinned, [.. before, .. after]);
    }

    /// <summary>Tasks come in batches of 200 at once, so the last of a batch waits for the others.</summary>
    private static async Task TellMinutesAsync(BenchStage stage, int sent, BenchPlan plan, BenchReport report, CancellationToken cancellation)
    {
        const string ByMinute = $"""
            SELECT count(*), (extract(epoch FROM max(finished_at) - min(created_at)))::float8,
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM started_at - created_at)) * 1000,
                   percentile_cont(0.99) WITHIN GROUP (ORDER BY extract(epoch FROM started_at - created_at)) * 1000
            FROM (SELECT *, floor(extract(epoch FROM created_at - min(created_at) OVER ()) / 60) AS minute
                  FROM finished_tasks WHERE queue_name = '{Queue}') AS t
            GROUP BY minute ORDER BY minute
            """;
        await using var command = stage.Database.CreateCommand(ByMinute);
        command.CommandTimeout = 600;
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        for (var minute = 1; await rows.ReadAsync(cancellation); minute++)
        {
            if (minute == 1 || minute == plan.Minutes)
            {
                var which = string.Create(CultureInfo.InvariantCulture, $" in minute {minute}{Figures.Pinned}");
                report.Add("millrace", $"finished of {PerSecond}/s{which}", "tasks/s", rows.GetInt64(0) / rows.GetDouble(1));
                report.Add("millrace", $"wait for the start{which}{Figures.P50}", "ms", rows.GetDouble(2));
                report.Add("millrace", $"wait for the start{which}{Figures.P99}", "ms", rows.GetDouble(3));
            }
        }

        report.Add("millrace", $"tasks accepted{Figures.Pinned}", "tasks", sent);
    }
}
