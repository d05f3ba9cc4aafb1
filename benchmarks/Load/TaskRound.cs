using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace Millrace.Benchmarks.Load;

/// <summary>
/// Many tasks in by NDJSON over HTTP while their queues are paused, then all of them out. The drain is timed by the database's clock from the first
/// handler's start to the last task's end. Queues are new in each round, and what is finished stays.
/// </summary>
internal sealed class TaskRound(BenchStage stage, string name, int queues = 1)
{
    private const int Streams = 2;

    /// <summary>A line without its end: a no-op with 200 bytes of data.</summary>
    internal static void NoOp(StringBuilder text, string queue, int i) =>
        text.Append(CultureInfo.InvariantCulture, $$$"""{"type":"echo","queue_name":"{{{queue}}}","data":{"id":{{{i}}},"text":"{{{Filling}}}"}}""");

    internal static readonly string Filling = new('x', 170);

    /// <summary>Compiles both ends and fills the plan caches; the runtime goes on to compile what is hot for some time.</summary>
    internal static async Task WarmUpAsync(BenchStage stage, int jobs, CancellationToken cancellation)
    {
        var round = 0;
        for (var warm = Stopwatch.StartNew(); warm.Elapsed < TimeSpan.FromSeconds(20); round++)
        {
            await new TaskRound(stage, $"warm-{round}").RunAsync(jobs, NoOp, cancellation);
        }
    }

    /// <returns>Tasks a second, in and out.</returns>
    /// <exception cref="InvalidOperationException">Not every task succeeded.</exception>
    internal async Task<(double Bulk, double Drain)> RunAsync(int jobs, Action<StringBuilder, string, int> line, CancellationToken cancellation)
    {
        string[] names = [.. Enumerable.Range(0, queues).Select(n => $"{name}-{n}")];
        var list = string.Join(", ", names.Select(static one => $"'{one}'"));
        await stage.DoAsync($"INSERT INTO queues (name, paused) SELECT unnest(ARRAY[{list}]), true", cancellation);
        var bodies = Enumerable.Range(0, Streams).Select(stream => Body(names, stream, jobs, line)).ToArray();
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(bodies.Select(body => SendAsync(body, cancellation)));
        var bulk = jobs / watch.Elapsed.TotalSeconds;
        await stage.DoAsync($"UPDATE queues SET paused = false WHERE name IN ({list})", cancellation);
        foreach (var queue in names)
        {
            await stage.DrainedAsync(queue, cancellation);
        }

        var seconds = await stage.AskAsync<double>(
            $"SELECT extract(epoch FROM max(finished_at) - min(started_at))::float8 FROM finished_tasks WHERE queue_name IN ({list})", cancellation);
        var finished = await stage.AskAsync<long>($"SELECT count(*) FROM finished_tasks WHERE outcome = 'succeeded' AND queue_name IN ({list})", cancellation);
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

    private static byte[] Body(string[] queues, int stream, int jobs, Action<StringBuilder, string, int> line)
    {
        var text = new StringBuilder(jobs / Streams * 260);
        for (var i = stream; i < jobs; i += Streams)
        {
            line(text, queues[i / Streams % queues.Length], i);
            text.Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
