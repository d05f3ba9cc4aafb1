using Millrace.Local.Services;

namespace Millrace.Tests.Support;

/// <summary>A set of servers with a data directory of its own: what a test needs that breaks them.</summary>
internal sealed class OwnServers : IAsyncDisposable
{
    private static readonly Lock Naming = new();

    private static int last;

    private OwnServers(string data, ServerSet set) => (Data, Set) = (data, set);

    internal ServerSet Set { get; }

    private string Data { get; }

    internal static async Task<OwnServers> StartAsync(string word, params ServerKind[] wanted)
    {
        var number = Interlocked.Increment(ref last);
        var data = Path.Combine(Checkout.Root, ".millrace", "tests", $"{word}-{Environment.ProcessId}-{number}");
        lock (Naming)
        {
            TestServers.NameAccounts();
        }

        RememberPorts(data, 20_000 + (Environment.ProcessId % 120 * 100) + (number * 6));
        var options = new ServerOptions
        {
            DataDirectory = data,
            ToolsDirectory = Path.Combine(Checkout.Root, ".millrace", "tools"),
            Wanted = wanted.ToHashSet(),
            PostgresSettings = new Dictionary<string, string> { ["fsync"] = "off", ["max_connections"] = "300" },
        };
        return new OwnServers(data, await ServerSet.StartAsync(options, TimeProvider.System, CancellationToken.None));
    }

    public async ValueTask DisposeAsync()
    {
        await Set.DisposeAsync();
        foreach (var place in (string[])[Data, new DataDirectory(Data).OpenPostgres])
        {
            if (Directory.Exists(place))
            {
                Directory.Delete(place, recursive: true);
            }
        }
    }

    /// <summary>
    /// Ports of its own, as if left by an earlier run, so that runs side by side do not reach for the same. Below 32,768, where no
    /// outgoing connection takes them while a server is down.
    /// </summary>
    private static void RememberPorts(string data, int first)
    {
        Directory.CreateDirectory(data);
        var state = new ServerStateFile(Path.Combine(data, "state.json"));
        state.Put(ServerKind.Postgres, new([first], null));
        state.Put(ServerKind.Storage, new([first + 1, first + 2], null));
        state.Put(ServerKind.Redis, new([first + 3], null));
    }
}
