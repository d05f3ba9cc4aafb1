using System.Diagnostics;
using Millrace.Benchmarks.Load;
using Millrace.Local.Services;
using Npgsql;

namespace Millrace.Benchmarks.Bars;

/// <summary>P9: what a host does that has nothing to do, with the schedules of a laptop and with those that are plenty on Azure.</summary>
internal static class Idle
{
    /// <summary>What runs once a second is compiled for good after a minute.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(60);

    private static readonly Dictionary<string, string> AzureSchedules = new()
    {
        ["MILLRACE_DISPATCH_SCHEDULE"] = "*/30 * * * * *",
        ["MILLRACE_HEAL_SCHEDULE"] = "0 * * * * *",
        ["AzureFunctionsJobHost__extensions__queues__maxPollingInterval"] = "00:01:00",
    };

    internal static async Task RunAsync(BenchPlan plan, BenchReport report, CancellationToken cancellation)
    {
        var local = await MeasureAsync(plan, null, cancellation);
        report.Add("millrace", Figures.IdleCpu, "%", 100 * local.Cpu);
        report.Add("millrace", Figures.IdleStatements, "a second", local.Statements);
        var azure = await MeasureAsync(plan, AzureSchedules, cancellation);
        report.Add("millrace", Figures.IdleCpu + " with Azure's schedules", "%", 100 * azure.Cpu);
        report.Add("millrace", Figures.IdleRuns, "a day", azure.Runs * TimeSpan.SecondsPerDay);
    }

    /// <returns>Of a second: processor time, statements and runs of functions.</returns>
    private static async Task<(double Cpu, double Statements, double Runs)> MeasureAsync(
        BenchPlan plan, Dictionary<string, string>? settings, CancellationToken cancellation)
    {
        await using var servers = await BenchStage.ServersAsync(plan, cancellation);
        var postgres = plan.Database ?? servers.PostgresConnectionString!;
        var host = await BenchHost.StartAsync(servers, postgres, plan.Data + "-host", settings, cancellation);
        var life = Stopwatch.StartNew();
        await Task.Delay(Settled, TimeProvider.System, cancellation);
        host.Process.Refresh();
        var (before, watch) = (host.Process.TotalProcessorTime, Stopwatch.StartNew());
        await Task.Delay(Length, TimeProvider.System, cancellation);
        host.Process.Refresh();
        var cpu = (host.Process.TotalProcessorTime - before) / watch.Elapsed;

        // At its end it tells all that it has counted.
        await host.StopAsync();
        await using var database = NpgsqlDataSource.Create(postgres);
        return (cpu, await CountAsync(database, "sql_statements", cancellation) / life.Elapsed.TotalSeconds,
            await CountAsync(database, "function_runs", cancellation) / life.Elapsed.TotalSeconds);
    }

    private static async Task<double> CountAsync(NpgsqlDataSource database, string kind, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"SELECT coalesce(sum(amount), 0)::float8 FROM costs WHERE kind = '{kind}'");
        return (double)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
