using System.Text.Json;
using Millrace.Benchmarks.Load;
using Millrace.Local.Services;

namespace Millrace.Benchmarks.Bars;

/// <summary>P12: a drain by one host, by four and by one again, then through PgBouncer, by three more hosts and by 1,000 instances. No attempt may be made twice.</summary>
internal static class Scale
{
    private const int Hosts = 4;
    private const int Simulated = 1_000;
    private const int ManyQueues = 50;

    /// <summary>The pooler in front of PostgreSQL does not follow prepared statements in its transaction mode before version 1.21.</summary>
    private static readonly Dictionary<string, string> ThroughPooler = new() { ["Millrace__Store__Prepare"] = "false" };

    internal static async Task RunAsync(BenchPlan plan, BenchReport report, CancellationToken cancellation)
    {
        await using var stage = await BenchStage.StartAsync(plan, cancellation);
        await TaskRound.WarmUpAsync(stage, plan.Jobs / 5, cancellation);
        var before = await BulkAndDrain.MeasureAsync(stage, plan, cancellation);
        await using (await MoreAsync(stage, plan, stage.Postgres, Hosts - 1, null, cancellation))
        {
            await TaskRound.WarmUpAsync(stage, plan.Jobs / 5, cancellation, Hosts);
            await BulkAndDrain.RunAsync(stage, plan, report, Figures.Scaled, cancellation);
        }

        var after = await BulkAndDrain.MeasureAsync(stage, plan, cancellation);
        BulkAndDrain.Tell(report, Figures.Alone, [.. before, .. after]);

        await using (var bouncer = await PgBouncer.StartAsync(stage.Postgres, plan.Data, cancellation))
        {
            if (bouncer is not null)
            {
                await PooledAsync(stage, bouncer, plan, report, cancellation);
            }
        }

        report.Add("millrace", "attempts beyond the first of no-op tasks", "attempts",
            await stage.AskAsync<long>("SELECT count(*) FROM finished_tasks WHERE attempts + crashes <> 1", cancellation));
        using var verify = JsonDocument.Parse(await stage.Client.GetByteArrayAsync(new Uri("api/v1/verify", UriKind.Relative), cancellation));
        report.Add("millrace", "ledger after it, 1 is clean", "", verify.RootElement.GetProperty("clean").GetBoolean() ? 1 : 0);
    }

    private static async Task PooledAsync(BenchStage stage, PgBouncer bouncer, BenchPlan plan, BenchReport report, CancellationToken cancellation)
    {
        // The stage's own host is the fourth; it takes the requests and reaches PostgreSQL directly.
        await using (await MoreAsync(stage, plan, bouncer.ConnectionString, Hosts - 1, ThroughPooler, cancellation))
        {
            await TaskRound.WarmUpAsync(stage, plan.Jobs / 5, cancellation, Hosts);
            await BulkAndDrain.RunAsync(stage, plan, report, Figures.Pooled, cancellation);
        }

        await using var instances = new Instances(Simulated, bouncer.ConnectionString, stage.Servers.StorageConnectionString!);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var running = instances.RunAsync(stop.Token);
        await new TaskRound(stage, ManyQueues).RunAsync(plan.Jobs, TaskRound.NoOp, cancellation);
        var (_, drain) = await new TaskRound(stage, ManyQueues).RunAsync(plan.Jobs, TaskRound.NoOp, cancellation);
        report.Add("millrace", $"drain of {ManyQueues} queues by {Simulated} instances through PgBouncer", "tasks/s", drain);
        report.Add("millrace", "executors that spoke in the last minute", "executors",
            await stage.AskAsync<long>("SELECT count(*) FROM executors WHERE last_heartbeat > now() - interval '1 minute'", cancellation));
        report.Add("millrace", "connections of PostgreSQL meanwhile", "connections",
            await stage.AskAsync<long>($"SELECT count(*) FROM pg_stat_activity WHERE usename = '{PgBouncer.Role}'", cancellation));
        await stop.CancelAsync();
        await running;
    }

    private static async Task<MoreHosts> MoreAsync(
        BenchStage stage, BenchPlan plan, string postgres, int count, Dictionary<string, string>? settings, CancellationToken cancellation)
    {
        var more = new MoreHosts();
        try
        {
            while (more.Count < count)
            {
                more.Add(await BenchHost.StartAsync(stage.Servers, postgres, $"{plan.Data}-host-{more.Count + 2}", settings, cancellation));
            }

            return more;
        }
        catch
        {
            await more.DisposeAsync();
            throw;
        }
    }

    private sealed class MoreHosts : List<BenchHost>, IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            foreach (var host in this)
            {
                await host.StopAsync();
            }
        }
    }
}
