using Millrace.Local.Services;
using Millrace.Tests.Chaos.Network;
using Millrace.Tests.Chaos.Places;
using Npgsql;

namespace Millrace.Tests.Chaos.Hosting;

/// <summary>The relays between one executor and the servers. They outlive the executor's process: its successor has the same.</summary>
internal sealed class ExecutorRoads : IAsyncDisposable
{
    internal ExecutorRoads(ChaosServers servers, int postgresPort)
    {
        var ports = Ports.Take(4);
        Postgres = new Relay(ports[0], postgresPort);
        Blobs = new Relay(ports[1], servers.StoragePorts[0]);
        Queues = new Relay(ports[2], servers.StoragePorts[1]);
        Redis = new Relay(ports[3], servers.RedisPort);
    }

    internal Relay Postgres { get; }

    internal Relay Blobs { get; }

    internal Relay Queues { get; }

    internal Relay Redis { get; }

    internal Relay[] Storage => [Blobs, Queues];

    internal Relay[] All => [Postgres, Blobs, Queues, Redis];

    /// <summary>Where the executor finds the servers: at the relays.</summary>
    internal Dictionary<string, string> Settings() => new()
    {
        ["MILLRACE_POSTGRES"] = new NpgsqlConnectionStringBuilder(PostgresServer.ConnectionString(Postgres.Port)).ConnectionString,
        ["AzureWebJobsStorage"] = StorageServer.ConnectionString([Blobs.Port, Queues.Port]),
        ["MILLRACE_REDIS"] = $"127.0.0.1:{Redis.Port}",
    };

    public async ValueTask DisposeAsync()
    {
        foreach (var relay in All)
        {
            await relay.DisposeAsync();
        }
    }
}
