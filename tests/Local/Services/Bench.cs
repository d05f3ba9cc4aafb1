using System.Collections.Concurrent;
using Millrace.Local.Services;

namespace Millrace.Tests.Local.Services;

/// <summary>A data directory of its own for one test, the lines of progress said in it, and the check that nothing is left running.</summary>
internal sealed class Bench : IDisposable
{
    private static int last;

    private readonly ConcurrentQueue<string> lines = new();

    public string Data { get; } = Path.Combine(
        Repository, ".millrace", "tests", $"services-{Environment.ProcessId}-{Interlocked.Increment(ref last)}");

    public static string Repository { get; } = FindRepository();

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

    /// <summary>The processes that name the data directory in their command line.</summary>
    public IReadOnlyList<string> Running()
    {
        var commands = Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])).Select(CommandLine);
        return [.. commands.Where(command => command.Contains(Data + "/", StringComparison.Ordinal))];
    }

    public void Dispose()
    {
        if (Directory.Exists(Data))
        {
            Directory.Delete(Data, recursive: true);
        }
    }

    private static string CommandLine(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline"));
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Millrace.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("Run the tests from a build inside the repository.");
    }
}
