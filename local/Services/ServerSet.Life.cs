using Millrace.Local.Services.Install;
using Millrace.Local.Services.Processes;

namespace Millrace.Local.Services;

/// <summary>How a host enters a data directory and leaves it.</summary>
internal sealed partial class ServerSet
{
    private static readonly StopStep[] KillSteps = [new(Signal.Kill, TimeSpan.FromSeconds(10))];

    private static readonly TimeSpan LeaveTimeout = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Leaves; stops the servers when no other living host uses them. Takes a minute at most, and says what it could not stop
    /// instead of throwing.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (!entered)
        {
            return;
        }

        entered = false;
        using var limit = new CancellationTokenSource(LeaveTimeout, timeProvider);
        try
        {
            await LeaveAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            var limitSeconds = LeaveTimeout.TotalSeconds;
            options.Progress($"The servers of {data.Root} did not end within {limitSeconds:0} seconds; the next start takes them over.");
        }
        catch (ServerException failure)
        {
            options.Progress(failure.Message);
        }
    }

    private async Task LeaveAsync(CancellationToken cancellation)
    {
        using var held = await LockAsync(cancellation);
        hosts.Leave();
        if (hosts.Others().Count == 0)
        {
            await Task.WhenAll(all.Select(runner => runner.StopAsync(null, cancellation)));
        }
    }

    private async Task BeginAsync(CancellationToken cancellation)
    {
        var wanted = await InstallAsync(cancellation);
        using var held = await LockAsync(cancellation);
        if (options.Reset)
        {
            await ResetAsync(cancellation);
        }

        hosts.Enter();
        entered = true;
        var runners = all.Where(runner => wanted.Contains(runner.Kind)).ToArray();
        var claimed = new List<int>();
        foreach (var runner in runners)
        {
            runner.ChoosePorts(claimed);
        }

        await Task.WhenAll(runners.Select(runner => runner.EnsureAsync(cancellation)));
        running = wanted;
    }

    private async Task<HashSet<ServerKind>> InstallAsync(CancellationToken cancellation)
    {
        HashSet<ServerKind> wanted = [.. options.Wanted];
        var needsNode = wanted.Contains(ServerKind.Postgres) || wanted.Contains(ServerKind.Storage);
        if (needsNode)
        {
            _ = NodePackages.Node();
        }

        var node = needsNode ? packages.EnsureAsync(cancellation) : Task.CompletedTask;
        var redis = !wanted.Contains(ServerKind.Redis) || await TryInstallGarnetAsync(cancellation);
        await node;
        if (!redis)
        {
            wanted.Remove(ServerKind.Redis);
        }

        return wanted;
    }

    private async Task<bool> TryInstallGarnetAsync(CancellationToken cancellation)
    {
        try
        {
            await garnet.EnsureAsync(cancellation);
            return true;
        }
        catch (ServerException failure)
        {
            options.Progress($"Going on without Redis, which is optional: {failure.Message}");
            return false;
        }
    }

    private async Task ResetAsync(CancellationToken cancellation)
    {
        if (hosts.Others() is [var other, ..])
        {
            throw new ServerException(
                $"The data in {data.Root} is in use by another host (process {other}). Stop that host, then reset again.");
        }

        await Task.WhenAll(all.Select(runner => runner.StopAsync(null, cancellation)));
        foreach (var runner in all)
        {
            runner.Wipe();
        }

        File.Delete(data.State);
        options.Progress($"Emptied {data.Root}; the installed programs stay.");
    }
}
