using System.Diagnostics;
using Millrace.Local.Services;
using Npgsql;

namespace Millrace.Benchmarks;

/// <summary>Servers with their default settings, and one Millrace host in a process of its own, as users run it.</summary>
internal sealed class BenchStage : IAsyncDisposable
{
    private readonly ServerSet servers;
    private readonly Process host;

    private BenchStage(ServerSet servers, Process host, Uri url, NpgsqlDataSource database)
    {
        this.servers = servers;
        this.host = host;
        Url = url;
        Database = database;
        Client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { BaseAddress = url, Timeout = TimeSpan.FromMinutes(10) };
    }

    internal Uri Url { get; }

    internal HttpClient Client { get; }

    internal NpgsqlDataSource Database { get; }

    internal ServerSet Servers => servers;

    internal static async Task<BenchStage> StartAsync(
        BenchPlan plan, CancellationToken cancellation, IReadOnlyDictionary<string, string>? settings = null)
    {
        var servers = await ServerSet.StartAsync(Wanted(plan), TimeProvider.System, cancellation);
        var postgres = plan.Database ?? servers.PostgresConnectionString;
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Millrace.Local.dll"));
        start.ArgumentList.Add("--port");
        start.ArgumentList.Add("0");
        start.ArgumentList.Add("--data");
        start.ArgumentList.Add(plan.Data + "-host");
        start.Environment["MILLRACE_POSTGRES"] = postgres;
        start.Environment["AzureWebJobsStorage"] = servers.StorageConnectionString;
        start.Environment["MILLRACE_REDIS"] = servers.RedisConnectionString;
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var host = Process.Start(start)!;
        host.ErrorDataReceived += static (_, line) => Console.Error.WriteLine(line.Data);
        host.BeginErrorReadLine();
        var ready = await ReadyAsync(host, cancellation);
        return new BenchStage(servers, host, ready, NpgsqlDataSource.Create(postgres!));
    }

    /// <summary>One value of the database.</summary>
    internal async Task<T> AskAsync<T>(string sql, CancellationToken cancellation)
    {
        await using var command = Database.CreateCommand(sql);
        command.CommandTimeout = 300;
        return (T)(await command.ExecuteScalarAsync(cancellation))!;
    }

    internal async Task DoAsync(string sql, CancellationToken cancellation)
    {
        await using var command = Database.CreateCommand(sql);
        command.CommandTimeout = 300;
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Waits until no task is live.</summary>
    internal async Task DrainedAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await timer.WaitForNextTickAsync(cancellation) && await AskAsync<bool>("SELECT EXISTS (SELECT FROM tasks)", cancellation))
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Database.DisposeAsync();
        host.Kill(entireProcessTree: true);
        await host.WaitForExitAsync();
        host.Dispose();
        await servers.DisposeAsync();
    }

    private static ServerOptions Wanted(BenchPlan plan)
    {
        var options = new ServerOptions { DataDirectory = plan.Data, Reset = true, Progress = Console.Error.WriteLine };
        return plan.Database is null ? options : options with { Wanted = new HashSet<ServerKind> { ServerKind.Storage, ServerKind.Redis } };
    }

    private static async Task<Uri> ReadyAsync(Process host, CancellationToken cancellation)
    {
        while (await host.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            if (line.StartsWith("ready http", StringComparison.Ordinal))
            {
                return new Uri(line["ready ".Length..] + "/");
            }
        }

        throw new InvalidOperationException("The host ended before it was ready; its reason stands above.");
    }
}
