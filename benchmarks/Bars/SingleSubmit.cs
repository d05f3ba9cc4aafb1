using Millrace.Benchmarks.Load;

namespace Millrace.Benchmarks.Bars;

/// <summary>P3. One task per POST over 32 connections, each answered after its commit; beside it the same load on an endpoint that stores nothing.</summary>
internal sealed class SingleSubmit(BenchStage stage, BenchPlan plan, BenchReport report)
{
    private const int Connections = 32;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(10);

    internal async Task RunAsync(CancellationToken cancellation)
    {
        var task = $$$"""{"type":"echo","queue_name":"bench-single","data":{"id":1,"text":"{{{new string('x', 170)}}}"}}""";
        await stage.DoAsync(
            "INSERT INTO queues (name, paused) VALUES ('bench-single', true) ON CONFLICT (name) DO UPDATE SET paused = true", cancellation);
        await MeasureAsync("millrace", stage.Host.Url, task, cancellation);
        await stage.DoAsync("DELETE FROM tasks WHERE queue_name = 'bench-single'", cancellation);

        // What is measured next must not share the processors with the clearing up of this.
        await stage.DoAsync("VACUUM ANALYZE tasks", cancellation);
        await using var bare = await BareEndpoint.StartAsync(cancellation);
        await MeasureAsync(BareEndpoint.Name, bare.Url, task, cancellation);
    }

    private async Task MeasureAsync(string who, Uri url, string task, CancellationToken cancellation)
    {
        await HttpLoad.RunAsync(url, "/api/v1/tasks", task, Connections, TimeSpan.FromSeconds(3), cancellation);
        var rate = new double[plan.Rounds];
        var p99 = new double[plan.Rounds];
        for (var round = 0; round < plan.Rounds; round++)
        {
            var took = await HttpLoad.RunAsync(url, "/api/v1/tasks", task, Connections, Length, cancellation);
            rate[round] = took.Length / Length.TotalSeconds;
            p99[round] = BenchReport.Percentile(took, 0.99);
        }

        report.Add(who, Figures.Single, "requests/s", rate);
        report.Add(who, Figures.SingleP99, "ms", p99);
    }
}
