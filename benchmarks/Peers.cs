using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Npgsql;

namespace Millrace.Benchmarks;

/// <summary>
/// Runs a script that measures other task queues on the same servers, after ours, and takes over its figures. It is called
/// with --pg-host, --pg-port, --pg-user, --pg-db, --redis and --jobs, and prints one JSON object per peer and line:
/// <c>{"peer": "x", "bulk_enqueue_per_s": 1, "drain_per_s": 2}</c>.
/// </summary>
internal static class Peers
{
    internal static async Task RunAsync(string script, BenchStage stage, BenchPlan plan, BenchReport report, CancellationToken cancellation)
    {
        await stage.DoAsync("CREATE DATABASE peers", cancellation);
        var pg = new NpgsqlConnectionStringBuilder(stage.Servers.PostgresConnectionString);
        var start = new ProcessStartInfo("bash") { RedirectStandardOutput = true };
        string[] arguments =
        [
            script, "--pg-host", pg.Host!, "--pg-port", pg.Port.ToString(CultureInfo.InvariantCulture), "--pg-user", pg.Username!,
            "--pg-db", "peers", "--redis", plan.PeersRedis ?? $"redis://{stage.Servers.RedisConnectionString}", "--jobs", plan.Jobs.ToString(CultureInfo.InvariantCulture),
        ];
        Array.ForEach(arguments, start.ArgumentList.Add);
        using var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            if (line.StartsWith('{'))
            {
                Take(line, report);
            }
        }

        await process.WaitForExitAsync(cancellation);
    }

    private static void Take(string line, BenchReport report)
    {
        using var figures = JsonDocument.Parse(line);
        var who = figures.RootElement.GetProperty("peer").GetString()!;
        foreach (var figure in figures.RootElement.EnumerateObject())
        {
            if (figure.Value.ValueKind == JsonValueKind.Number)
            {
                report.Add(who, figure.Name, figure.Name.EndsWith("_ms", StringComparison.Ordinal) ? "ms" : "/s", figure.Value.GetDouble());
            }
        }
    }
}
