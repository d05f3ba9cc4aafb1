using System.Diagnostics;
using System.Globalization;
using Millrace.Local.Services;
using Npgsql;

namespace Millrace.Benchmarks;

/// <summary>Servers with their default settings, new and empty, and one host.</summary>
internal sealed class BenchStage : IAsyncDisposable
{
    private BenchStage(ServerSet servers, string postgres, BenchHost host)
    {
        Servers = servers;
        Postgres = postgres;
        Host = host;
        Database = NpgsqlDataSource.Create(postgres);
    }

    internal ServerSet Servers { get; }

    internal string Postgres { get; }

    internal BenchHost Host { get; }

    internal HttpClient Client => Host.Client;

    internal NpgsqlDataSource Database { get; }

    internal static async Task<BenchStage> StartAsync(
        BenchPlan plan, CancellationToken cancellation, IReadOnlyDictionary<string, string>? settings = null)
    {
        var servers = await ServersAsync(plan, cancellation);
        var postgres = plan.Database ?? servers.PostgresConnectionString!;
        try
        {
            return new BenchStage(servers, postgres, await BenchHost.StartAsync(servers, postgres, plan.Data + "-host", settings, cancellation));
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    internal static async Task<ServerSet> ServersAsync(BenchPlan plan, CancellationToken cancellation)
    {
        var options = new ServerOptions { DataDirectory = plan.Data, Reset = true, Progress = Console.Error.WriteLine };
        var servers = await ServerSet.StartAsync(
            plan.Database is null ? options : options with { Wanted = new HashSet<ServerKind> { ServerKind.Storage, ServerKind.Redis } },
            TimeProvider.System, cancellation);

        // What was just installed is on the disk before anything is measured: commits would wait for it.
        using var sync = Process.Start("sync");
        await sync.WaitForExitAsync(cancellation);
        return servers;
    }

    /// <summary>One value of the database.</summary>
    internal async Task<T> AskAsync<T>(string sql, CancellationToken cancellation)
    {
        await using var command = Database.CreateCommand(sql);
        command.CommandTimeout = 600;
        return (T)(await command.ExecuteScalarAsync(cancellation))!;
    }

    internal async Task DoAsync(string sql, CancellationToken cancellation)
    {
        await using var command = Database.CreateCommand(sql);
        command.CommandTimeout = 600;
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Waits until no task of these queues that came since then is due, or soon will be.</summary>
    internal async Task DrainedAsync(IReadOnlyCollection<string> queues, DateTime since, CancellationToken cancellation)
    {
        var isDue = IsDue(string.Join(", ", queues.Select(static one => $"'{one}'")), since);
        await UntilAsync($"NOT ({isDue})", cancellation);
    }

    /// <summary>Waits until it is so.</summary>
    /// <param name="condition">SQL.</param>
    /// <param name="cancellation">Ends the wait.</param>
    internal async Task UntilAsync(string condition, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await timer.WaitForNextTickAsync(cancellation) && !await AskAsync<bool>($"SELECT {condition}", cancellation))
        {
        }
    }

    /// <summary>Claims are asked for first, and only what came since then: to look through all that waited and has ended would cost the drain a good deal.</summary>
    private static string IsDue(string queues, DateTime since) => string.Create(CultureInfo.InvariantCulture, $"""
        EXISTS (SELECT FROM claims WHERE queue_name IN ({queues})) OR EXISTS (
            SELECT FROM unnest(ARRAY[{queues}]) AS q (name) CROSS JOIN generate_series(1, 10) AS p (priority) CROSS JOIN LATERAL (
                SELECT FROM tasks WHERE queue_name = q.name AND priority = p.priority::smallint AND state = 'pending' AND crashes = 0
                                    AND due_at >= '{since:O}' AND due_at < now() + interval '1 hour' LIMIT 1) AS t)
        """);

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await Host.DisposeAsync();
        await Servers.DisposeAsync();
    }
}
