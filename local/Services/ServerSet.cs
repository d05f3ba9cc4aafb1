using Millrace.Local.Services.Install;

namespace Millrace.Local.Services;

/// <summary>
/// The servers of one data directory, for one host. Hosts that name the same directory share them; the last one that leaves stops
/// them. A host that is killed leaves its servers running, and the next start takes them over.
/// </summary>
internal sealed partial class ServerSet : IAsyncDisposable
{
    private static readonly TimeSpan LockTimeout = TimeSpan.FromMinutes(2);

    private readonly DataDirectory data;
    private readonly ServerOptions options;
    private readonly TimeProvider timeProvider;
    private readonly HostRegistry hosts;
    private readonly List<ServerRunner> all;
    private readonly NodePackages packages;
    private readonly GarnetTool garnet;
    private HashSet<ServerKind> running = [];
    private bool entered;

    private ServerSet(ServerOptions options, TimeProvider timeProvider)
    {
        data = new DataDirectory(options.DataDirectory);
        data.Create();
        this.options = options with { Progress = OneAtATime(options.Progress) };
        this.timeProvider = timeProvider;
        hosts = new HostRegistry(data.Hosts);
        var tools = Path.GetFullPath(options.ToolsDirectory ?? Path.Combine(data.Root, "tools"));
        packages = new NodePackages(tools, this.options.Progress, timeProvider);
        garnet = new GarnetTool(tools, this.options.Progress, timeProvider);
        var state = new ServerStateFile(data.State);
        Server[] servers =
        [
            new PostgresServer(data, packages, this.options, timeProvider),
            new StorageServer(data, packages),
            new RedisServer(data, garnet),
        ];
        all = [.. servers.Select(server => new ServerRunner(server, data, state, this.options, timeProvider))];
    }

    /// <summary>For Npgsql, database <c>millrace</c>; none when PostgreSQL was not wanted.</summary>
    public string? PostgresConnectionString => Ports(ServerKind.Postgres) is [var port] ? PostgresServer.ConnectionString(port) : null;

    /// <summary>For blobs and queues; none when storage was not wanted.</summary>
    public string? StorageConnectionString => Ports(ServerKind.Storage) is { } ports ? StorageServer.ConnectionString(ports) : null;

    /// <summary><c>host:port</c>; none when Redis was not wanted, or could not be installed.</summary>
    public string? RedisConnectionString => Ports(ServerKind.Redis) is [var port] ? $"127.0.0.1:{port}" : null;

    /// <summary>
    /// Installs, starts or takes over what is wanted, and returns when all of it answers. Cancelling stops what it began.
    /// </summary>
    public static async Task<ServerSet> StartAsync(ServerOptions options, TimeProvider timeProvider, CancellationToken cancellation)
    {
        if (OperatingSystem.IsWindows() && options.Wanted.Count > 0)
        {
            throw new ServerException(
                "Servers are started on Linux and macOS only. Use WSL, or set MILLRACE_POSTGRES, AzureWebJobsStorage and MILLRACE_REDIS.");
        }

        var set = new ServerSet(options, timeProvider);
        try
        {
            await set.BeginAsync(cancellation);
            return set;
        }
        catch
        {
            await set.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops and starts one server on its ports, with its data or without. For chaos tests.</summary>
    public async Task RestartAsync(ServerKind kind, bool wipeData, CancellationToken cancellation)
    {
        using var held = await LockAsync(cancellation);
        var runner = Runner(kind);
        await runner.StopAsync(null, cancellation);
        if (wipeData)
        {
            runner.Wipe();
        }

        runner.ChoosePorts([]);
        await runner.EnsureAsync(cancellation);
    }

    /// <summary>Stops one server as at the end of a host. <see cref="RestartAsync"/> brings it back.</summary>
    public Task StopAsync(ServerKind kind, CancellationToken cancellation) => StopAsync(kind, null, cancellation);

    /// <summary>Kills one server without warning. <see cref="RestartAsync"/> brings it back.</summary>
    public Task KillAsync(ServerKind kind, CancellationToken cancellation) => StopAsync(kind, KillSteps, cancellation);

    private async Task StopAsync(ServerKind kind, IReadOnlyList<StopStep>? steps, CancellationToken cancellation)
    {
        using var held = await LockAsync(cancellation);
        await Runner(kind).StopAsync(steps, cancellation);
    }

    private ServerRunner Runner(ServerKind kind) => all.Single(runner => runner.Kind == kind);

    private int[]? Ports(ServerKind kind) => running.Contains(kind) ? Runner(kind).Ports : null;

    private Task<FileLock> LockAsync(CancellationToken cancellation) => FileLock.AcquireAsync(
        data.Lock,
        LockTimeout,
        () => options.Progress("Another host is starting or stopping these servers; waiting for it."),
        timeProvider,
        cancellation);

    private static Action<string> OneAtATime(Action<string> progress)
    {
        var gate = new Lock();
        return line =>
        {
            lock (gate)
            {
                progress(line);
            }
        };
    }
}
