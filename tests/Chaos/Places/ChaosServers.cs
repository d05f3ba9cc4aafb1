using Millrace.Local.Services;
using Millrace.Tests.Chaos.Faults;
using Millrace.Tests.Chaos.Trying;
using Npgsql;

namespace Millrace.Tests.Chaos.Places;

/// <summary>PostgreSQL, Azurite and Garnet of one try, with data of their own.</summary>
internal sealed class ChaosServers : IAsyncDisposable
{
    private readonly string data;
    private readonly ServerSet set;

    private ChaosServers(string data, ServerSet set, SmallDisk? disk)
    {
        (this.data, this.set, Disk) = (data, set, disk);

        // Read-only, short time-outs and other hostile defaults are for the pipeline, not for who looks at it.
        var admin = new NpgsqlConnectionStringBuilder(set.PostgresConnectionString)
        {
            ApplicationName = "chaos",
            Pooling = false,
            Timeout = 10,
            CommandTimeout = 30,
            SearchPath = "millrace,public",
            Options = "-c default_transaction_read_only=off -c statement_timeout=0 -c lock_timeout=0",
        };
        Admin = admin.ConnectionString;
    }

    /// <summary>Straight to PostgreSQL, past the relays.</summary>
    internal string Admin { get; }

    /// <summary>PostgreSQL's own, where the scenario asked for one.</summary>
    internal SmallDisk? Disk { get; }

    internal string Storage => set.StorageConnectionString!;

    internal int PostgresPort => Record(ServerKind.Postgres).Ports[0];

    internal int[] StoragePorts => Record(ServerKind.Storage).Ports;

    internal int RedisPort => Record(ServerKind.Redis).Ports[0];

    internal static async Task<ChaosServers> StartAsync(Scenario scenario, TryPlan plan, Keeper keeper, CancellationToken cancellation)
    {
        var data = Path.Combine(plan.Folder, "servers");
        RememberPorts(data);
        var settings = new Dictionary<string, string>(scenario.PostgresSettings)
        {
            // Only processes die here, never the machine, so what the system was given is there after every kill.
            ["fsync"] = "off",

            // The judge asks when a row was committed, not when its statement began.
            ["track_commit_timestamp"] = "on",
        };
        var options = new ServerOptions
        {
            DataDirectory = data,
            ToolsDirectory = plan.Tools,
            StartTimeout = TimeSpan.FromMinutes(2),
            PostgresSettings = settings,
        };
        var disk = scenario.NeedsSmallDisk ? await SmallDisk.MountAsync(new DataDirectory(data).Postgres, keeper) : null;
        return new ChaosServers(data, await ServerSet.StartAsync(options, TimeProvider.System, cancellation), disk);
    }

    internal bool LogSays(ServerKind kind, string words) =>
        File.ReadLines(new DataDirectory(data).Log(kind)).Any(line => line.Contains(words, StringComparison.Ordinal));

    internal bool Runs(ServerKind kind) => Record(kind).Process is { } process && process.IsAlive();

    /// <summary>The first process of a server.</summary>
    internal int Process(ServerKind kind) => Record(kind).Process?.Id
        ?? throw new InvalidOperationException($"{kind} does not run. Start it before a fault needs its process.");

    internal Task KillAsync(ServerKind kind, CancellationToken cancellation) => set.KillAsync(kind, cancellation);

    internal Task StopAsync(ServerKind kind, CancellationToken cancellation) => set.StopAsync(kind, cancellation);

    internal Task RestartAsync(ServerKind kind, bool wipeData, CancellationToken cancellation) => set.RestartAsync(kind, wipeData, cancellation);

    public async ValueTask DisposeAsync()
    {
        foreach (var kind in Enum.GetValues<ServerKind>())
        {
            if (Record(kind).Process is { } process)
            {
                // One that is frozen could not be stopped.
                foreach (var id in Native.Family(process.Id))
                {
                    Native.Send(id, Native.Continue);
                }
            }
        }

        await set.DisposeAsync();
        await (Disk?.DisposeAsync() ?? ValueTask.CompletedTask);
        foreach (var place in (string[])[data, new DataDirectory(data).OpenPostgres])
        {
            if (Directory.Exists(place))
            {
                Directory.Delete(place, recursive: true);
            }
        }
    }

    private ServerRecord Record(ServerKind kind) => new ServerStateFile(new DataDirectory(data).State).Find(kind)
        ?? throw new InvalidOperationException($"{kind} was never started in {data}.");

    /// <summary>As if left by an earlier run.</summary>
    private static void RememberPorts(string data)
    {
        Directory.CreateDirectory(data);
        var state = new ServerStateFile(new DataDirectory(data).State);
        var ports = Ports.Take(4);
        state.Put(ServerKind.Postgres, new([ports[0]], null));
        state.Put(ServerKind.Storage, new([ports[1], ports[2]], null));
        state.Put(ServerKind.Redis, new([ports[3]], null));
    }
}
