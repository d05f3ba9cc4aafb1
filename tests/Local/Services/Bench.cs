using System.Collections.Concurrent;
using System.Diagnostics;
using Millrace.Local.Services;
using Millrace.Tests.Support;

namespace Millrace.Tests.Local.Services;

/// <summary>
/// A data directory of its own for one test, the lines of progress said in it, and the check that nothing is left running.
/// </summary>
internal sealed class Bench : IDisposable
{
    private static int last;

    private readonly ConcurrentQueue<string> lines = new();
    private readonly int number = Interlocked.Increment(ref last);

    /// <summary>Begins with ports of its own, as if left by an earlier run, so that tests side by side do not take each other's.</summary>
    public Bench()
    {
        Data = Path.Combine(Repository, ".millrace", "tests", $"services-{Environment.ProcessId}-{number}");
        var first = 21000 + (Environment.ProcessId % 50 * 200) + (number * 4);
        Remember(ServerKind.Postgres, new([first], null));
        Remember(ServerKind.Storage, new([first + 1, first + 2], null));
        Remember(ServerKind.Redis, new([first + 3], null));
    }

    public string Data { get; }

    // Where root may not show its checkout to others, PostgreSQL's data lies elsewhere.
    private string[] Places => [Data, new DataDirectory(Data).OpenPostgres];

    public static string Repository { get; } = Checkout.Root;

    public IReadOnlyList<string> Lines => [.. lines];

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ServerOptions Options(params ServerKind[] wanted) => new()
    {
        DataDirectory = Data,
        ToolsDirectory = Path.Combine(Repository, ".millrace", "tools"),
        Wanted = wanted.ToHashSet(),
        PostgresSettings = new Dictionary<string, string> { ["fsync"] = "off" },
        Progress = lines.Enqueue,
    };

    public Task<ServerSet> StartAsync(params ServerKind[] wanted) => StartAsync(Options(wanted));

    public static Task<ServerSet> StartAsync(ServerOptions options) => ServerSet.StartAsync(options, TimeProvider.System, Cancellation);

    public void Remember(ServerKind kind, ServerRecord record)
    {
        Directory.CreateDirectory(Data);
        new ServerStateFile(Path.Combine(Data, "state.json")).Put(kind, record);
    }

    /// <summary>The processes that name the data directory in their command line.</summary>
    public IReadOnlyList<string> Running()
    {
        using var list = Process.Start(new ProcessStartInfo("ps", ["-A", "-ww", "-o", "args="]) { RedirectStandardOutput = true })!;
        var commands = list.StandardOutput.ReadToEnd().Split('\n');
        return [.. commands.Where(command => Places.Any(place => command.Contains(place + "/", StringComparison.Ordinal)))];
    }

    public void Dispose()
    {
        foreach (var place in Places.Where(Directory.Exists))
        {
            Directory.Delete(place, recursive: true);
        }
    }
}
