using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace Millrace.Benchmarks.Load;

/// <summary>
/// Many tasks in by NDJSON over HTTP while their queues are paused, then all of them out. The drain is timed by the database's clock from the first
/// handler's start to the last task's end. What is finished stays.
/// </summary>
internal sealed class TaskRound(BenchStage stage, int queues = 1)
{
    private const int Streams = 2;

    internal static readonly string Filling = new('x', 155);

    private readonly string[] names = [.. Enumerable.Range(0, queues).Select(n => $"bench-{n}")];

    private DateTime began;

    private string Own => string.Create(CultureInfo.InvariantCulture, $"queue_name IN ({List}) AND finished_at >= '{began:O}'");

    private string List => string.Join(", ", names.Select(static one => $"'{one}'"));

    /// <summary>
    /// A line without its end: 200 bytes of data, and nothing done with them. Of the built-in handlers <c>fail</c> alone does nothing and has no
    /// result, when it is to succeed from the first attempt on.
    /// </summary>
    internal static void NoOp(StringBuilder text, string queue, int i) =>
        text.Append(CultureInfo.InvariantCulture, $$$"""{"type":"fail","queue_name":"{{{queue}}}","data":{"until_attempt":1,"id":{{{i}}},"text":"{{{Filling}}}"}}""");

    /// <summary>Compiles both ends and fills the plan caches; the runtime goes on to compile what is hot for some time, in each host.</summary>
    internal static async Task WarmUpAsync(BenchStage stage, int jobs, CancellationToken cancellation, int hosts = 1)
    {
        for (var warm = Stopwatch.StartNew(); warm.Elapsed < TimeSpan.FromSeconds(20 * hosts);)
        {
            await new TaskRound(stage).RunAsync(jobs, NoOp, cancellation);
        }
    }

    /// <returns>Tasks a second, in and out.</returns>
    /// <exception cref="InvalidOperationException">Not every task succeeded.</exception>
    internal async Task<(double Bulk, double Drain)> RunAsync(int jobs, Action<StringBuilder, string, int> line, CancellationToken cancellation)
    {
        var bulk = await FillAsync(jobs, line, cancellation);
        await EmptyAsync(cancellation);
        return (bulk, await DrainRateAsync(jobs, cancellation));
    }

    /// <returns>Tasks a second.</returns>
    internal async Task<double> FillAsync(int jobs, Action<StringBuilder, string, int> line, CancellationToken cancellation)
    {
        await stage.DoAsync(
            $"INSERT INTO queues (name, paused) SELECT unnest(ARRAY[{List}]), true ON CONFLICT (name) DO UPDATE SET paused = true", cancellation);
        began = await stage.AskAsync<DateTime>("SELECT now()", cancellation);
        var bodies = Enumerable.Range(0, Streams).Select(stream => Body(stream, jobs, line)).ToArray();
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(bodies.Select(body => SendAsync(body, cancellation)));
        return jobs / watch.Elapsed.TotalSeconds;
    }

    internal async Task EmptyAsync(CancellationToken cancellation)
    {
        await stage.DoAsync($"UPDATE queues SET paused = false WHERE name IN ({List})", cancellation);
        await stage.DrainedAsync(names, began, cancellation);
    }

    /// <summary>Reads every finished row, which is work for PostgreSQL too.</summary>
    internal async Task<double> DrainRateAsync(int jobs, CancellationToken cancellation)
    {
        var seconds = await stage.AskAsync<double>(
            $"SELECT extract(epoch FROM max(finished_at) - min(started_at))::float8 FROM finished_tasks WHERE {Own}", cancellation);
        var finished = await stage.AskAsync<long>($"SELECT count(*) FROM finished_tasks WHERE outcome = 'succeeded' AND {Own}", cancellation);
        return finished == jobs
            ? jobs / seconds
            : throw new InvalidOperationException($"{finished} of {jobs} tasks succeeded; a figure of this round would be a lie.");
    }

    private async Task SendAsync(byte[] body, CancellationToken cancellation)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        using var response = await stage.Client.PostAsync(new Uri("api/v1/tasks/bulk", UriKind.Relative), content, cancellation);
        response.EnsureSuccessStatusCode();
    }

    private byte[] Body(int stream, int jobs, Action<StringBuilder, string, int> line)
    {
        var text = new StringBuilder(jobs / Streams * 260);
        for (var i = stream; i < jobs; i += Streams)
        {
            line(text, names[i / Streams % names.Length], i);
            text.Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
