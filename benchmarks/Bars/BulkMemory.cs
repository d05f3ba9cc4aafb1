using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using Millrace.Benchmarks.Load;
using Millrace.Functions;
using Millrace.Local;
using Millrace.Local.Hosting;
using Millrace.Local.Services;
using Npgsql;

namespace Millrace.Benchmarks.Bars;

/// <summary>
/// Memory while one request streams many tasks in. The host runs in this process, so that its heap can be read; the client that writes
/// the stream is in the figures too. The queue is paused: what is measured is the stream, not the work.
/// </summary>
internal static class BulkMemory
{
    internal const string Verb = "bulk-memory";

    private const string Queue = "bench-memory";
    private const double Megabyte = 1_048_576;

    internal static async Task<int> RunAsync(BenchPlan plan, CancellationToken cancellation)
    {
        await using var servers = await ServerSet.StartAsync(
            new ServerOptions { DataDirectory = plan.Data, Reset = true, Progress = Console.Error.WriteLine }, TimeProvider.System, cancellation);
        await using var host = await FunctionsHost.StartAsync(Options(plan, servers), cancellation);
        await PauseAsync(servers.PostgresConnectionString!, cancellation);
        using var client = new HttpClient { BaseAddress = host.BaseUrl, Timeout = Timeout.InfiniteTimeSpan };

        // Compiles both ends, so that the first figure is not the compiler's.
        await SendAsync(client, plan.Jobs / 20, keyed: false, cancellation);
        await SendAsync(client, plan.Jobs, keyed: false, cancellation);
        await SendAsync(client, plan.Jobs, keyed: true, cancellation);
        return 0;
    }

    private static async Task SendAsync(HttpClient client, int lines, bool keyed, CancellationToken cancellation)
    {
        var most = 0L;
        Console.WriteLine($"{lines} lines{(keyed ? " with an Idempotency-Key" : "")}: line, heap MB, working set MB");
        using var content = new LineContent(lines, Queue, Math.Max(1, lines / 10), line => most = Math.Max(most, Show(line)));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("api/v1/tasks/bulk", UriKind.Relative)) { Content = content };
        request.Headers.TransferEncodingChunked = true;
        if (keyed)
        {
            request.Headers.Add("Idempotency-Key", Guid.CreateVersion7().ToString());
        }

        var watch = Stopwatch.StartNew();
        using var response = await client.SendAsync(request, cancellation);
        Console.WriteLine(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(cancellation));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{lines / watch.Elapsed.TotalSeconds:N0} lines/s; most heap {most / Megabyte:0.0} MB"));
    }

    /// <summary>The heap as it stands, what is not collected yet included.</summary>
    private static long Show(int line)
    {
        var heap = GC.GetTotalMemory(forceFullCollection: false);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{line,10:N0} {heap / Megabyte,8:0.0} {Environment.WorkingSet / Megabyte,8:0.0}"));
        return heap;
    }

    private static async Task PauseAsync(string postgres, CancellationToken cancellation)
    {
        await using var database = NpgsqlDataSource.Create(postgres);
        await using var pause = database.CreateCommand("INSERT INTO queues (name, paused) VALUES ($1, true)");
        pause.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Queue });
        await pause.ExecuteNonQueryAsync(cancellation);
    }

    private static FunctionsHostOptions Options(BenchPlan plan, ServerSet servers)
    {
        // A folder of its own, so that nobody's local.settings.json has a say in it.
        var folder = Directory.CreateDirectory(plan.Data + "-host").FullName;
        File.Copy(Path.Combine(Repository.Root(), "host.json"), Path.Combine(folder, "host.json"), overwrite: true);
        return new FunctionsHostOptions
        {
            FunctionAssembly = typeof(MillraceApp).Assembly,
            Folder = folder,
            Environment = new Dictionary<string, string>
            {
                ["MILLRACE_POSTGRES"] = servers.PostgresConnectionString!,
                ["AzureWebJobsStorage"] = servers.StorageConnectionString!,
                ["MILLRACE_DISPATCH_SCHEDULE"] = "* * * * * *",
                ["MILLRACE_HEAL_SCHEDULE"] = "*/5 * * * * *",
            },
            Configure = MillraceApp.Configure,
            Port = 0,
            DataDirectory = folder,
        };
    }
}
