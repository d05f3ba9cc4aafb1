using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;

namespace Millrace.Benchmarks;

/// <summary>
/// P1 and P2. The queue is paused while NDJSON streams in over HTTP (200 bytes of data a task, no-op handler), then
/// resumed; the drain is timed by the database's clock from the first handler's start to the last task's finish.
/// </summary>
internal sealed class BulkAndDrain(BenchStage stage, BenchPlan plan, BenchReport report)
{
    private const int Streams = 2;
    private const string Queue = "bench";
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(20);

    internal async Task RunAsync(CancellationToken cancellation)
    {
        // Compiles both ends and fills the plan caches; the runtime goes on to compile what is hot for some time.
        for (var warm = Stopwatch.StartNew(); warm.Elapsed < WarmUp;)
        {
            await RoundAsync(plan.Jobs / 5, cancellation);
        }

        var bulk = new double[plan.Rounds];
        var drain = new double[plan.Rounds];
        for (var round = 0; round < plan.Rounds; round++)
        {
            (bulk[round], drain[round]) = await RoundAsync(plan.Jobs, cancellation);
        }

        report.Add("millrace", "bulk add over HTTP", "tasks/s", bulk);
        report.Add("millrace", "drain", "tasks/s", drain);
    }

    private async Task<(double Bulk, double Drain)> RoundAsync(int jobs, CancellationToken cancellation)
    {
        await stage.DoAsync($"INSERT INTO queues (name, paused) VALUES ('{Queue}', true) ON CONFLICT (name) DO UPDATE SET paused = true", cancellation);
        await stage.DoAsync("TRUNCATE finished_tasks", cancellation);
        var bodies = Enumerable.Range(0, Streams).Select(_ => Body(jobs / Streams)).ToArray();
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(bodies.Select(body => SendAsync(body, cancellation)));
        var bulk = jobs / watch.Elapsed.TotalSeconds;
        await stage.DoAsync($"UPDATE queues SET paused = false WHERE name = '{Queue}'", cancellation);
        await stage.DrainedAsync(cancellation);
        var seconds = await stage.AskAsync<double>(
            "SELECT extract(epoch FROM max(finished_at) - min(started_at))::float8 FROM finished_tasks", cancellation);
        var finished = await stage.AskAsync<long>("SELECT count(*) FROM finished_tasks WHERE outcome = 'succeeded'", cancellation);
        return finished == jobs
            ? (bulk, jobs / seconds)
            : throw new InvalidOperationException($"{finished} of {jobs} tasks succeeded; a figure of this round would be a lie.");
    }

    private async Task SendAsync(byte[] body, CancellationToken cancellation)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        using var response = await stage.Client.PostAsync(new Uri("api/v1/tasks/bulk", UriKind.Relative), content, cancellation);
        response.EnsureSuccessStatusCode();
    }

    private static byte[] Body(int jobs)
    {
        var text = new StringBuilder(jobs * 260);
        for (var i = 0; i < jobs; i++)
        {
            text.Append("{\"type\":\"echo\",\"queue_name\":\"").Append(Queue).Append("\",\"data\":{\"id\":").Append(i)
                .Append(",\"text\":\"").Append('x', 170).Append("\"}}\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
