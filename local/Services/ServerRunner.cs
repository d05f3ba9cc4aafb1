using Millrace.Local.Services.Processes;

namespace Millrace.Local.Services;

/// <summary>
/// Runs one server of a data directory: takes over the one that is alive, starts one otherwise, stops it. Every call is made under the
/// directory's lock; what it knows stands in the state file, because another host may have changed it since.
/// </summary>
internal sealed class ServerRunner(
    Server server, DataDirectory data, ServerStateFile state, ServerOptions options, TimeProvider timeProvider)
{
    private const int StartAttempts = 3;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AdoptTimeout = TimeSpan.FromSeconds(15);

    public ServerKind Kind => server.Kind;

    public int[] Ports { get; private set; } = [];

    private string Log => data.Log(Kind);

    /// <summary>The ports to use: those of the living server, the ones of the last run, or the next free ones.</summary>
    public void ChoosePorts(ICollection<int> claimed)
    {
        var record = state.Find(Kind);
        if (record is { Process: { } process } && process.IsAlive())
        {
            Ports = record.Ports;
        }
        else
        {
            var wanted = record?.Ports is { Length: > 0 } last && last.Length == server.PortCount ? last[0] : server.FirstPort;
            Ports = LoopbackPorts.Choose(wanted, server.PortCount, [.. claimed]);
            if (Ports[0] != wanted)
            {
                options.Progress($"Port {wanted} is taken; {server.Name} uses {string.Join(" and ", Ports)}.");
            }
        }

        foreach (var port in Ports)
        {
            claimed.Add(port);
        }
    }

    public async Task EnsureAsync(CancellationToken cancellation)
    {
        if (!await TryAdoptAsync(cancellation))
        {
            await StartAsync(cancellation);
        }
    }

    public async Task StopAsync(IReadOnlyList<StopStep>? steps, CancellationToken cancellation)
    {
        if (state.Find(Kind) is not { Process: { } process } record)
        {
            return;
        }

        if (!await ProcessStop.StopAsync(process, steps ?? server.StopSteps, timeProvider, cancellation))
        {
            throw new ServerException($"{server.Name} (process {process.Id}) did not end. End it yourself, then start again.");
        }

        state.Put(Kind, record with { Process = null });
    }

    public void Wipe() => server.Wipe();

    private async Task<bool> TryAdoptAsync(CancellationToken cancellation)
    {
        if (state.Find(Kind) is not { Process: { } process } record)
        {
            return false;
        }

        if (!process.IsAlive())
        {
            var fate = ProcessMark.Of(process.Id) is null ? "has ended" : "is another program now";
            options.Progress($"{server.Name} of the last run was not stopped: process {process.Id} {fate}. Starting it again.");
            return false;
        }

        if (await AnswersInTimeAsync(process, AdoptTimeout, cancellation))
        {
            var ports = string.Join(" and ", record.Ports);
            options.Progress($"{server.Name} is running already (process {process.Id}, port {ports}); using it.");
            return true;
        }

        options.Progress($"{server.Name} (process {process.Id}) does not answer; starting it again.");
        await StopAsync(null, cancellation);
        return false;
    }

    private async Task StartAsync(CancellationToken cancellation)
    {
        var started = timeProvider.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            var command = await server.PrepareAsync(Ports, cancellation);
            KeepLastLog();
            var process = DetachedProcess.Start(command, Log);
            state.Put(Kind, new(Ports, process));
            if (await AnswersInTimeAsync(process, options.StartTimeout, cancellation))
            {
                var elapsed = timeProvider.GetElapsedTime(started).TotalSeconds;
                options.Progress($"{server.Name} answers on port {string.Join(" and ", Ports)} after {elapsed:0.0} s.");
                return;
            }

            var exited = !process.IsAlive();
            await StopAsync(null, cancellation);
            if (exited && attempt < StartAttempts && !LoopbackPorts.AreFree(Ports))
            {
                // Somebody took the port between the look and the start.
                ChoosePorts([]);
            }
            else if (exited && server.IsPassing(LogTail.Last(Log)) && timeProvider.GetElapsedTime(started) < options.StartTimeout)
            {
                options.Progress($"Sessions of the killed {server.Name} have not ended yet; waiting for them.");
                await Task.Delay(RetryPause, timeProvider, cancellation);
            }
            else
            {
                throw Failure(exited);
            }
        }
    }

    private ServerException Failure(bool exited)
    {
        var what = exited ? "ended before it answered" : $"did not answer within {options.StartTimeout.TotalSeconds:0} seconds";
        return new($"{server.Name} {what}. Its last lines, from {Log}, say why:{Environment.NewLine}{LogTail.Last(Log)}");
    }

    private async Task<bool> AnswersInTimeAsync(ProcessMark process, TimeSpan timeout, CancellationToken cancellation)
    {
        var started = timeProvider.GetTimestamp();
        while (process.IsAlive() && timeProvider.GetElapsedTime(started) < timeout)
        {
            if (await AnswersAsync(cancellation))
            {
                return process.IsAlive();
            }

            await Task.Delay(Pause, timeProvider, cancellation);
        }

        return false;
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(AskTimeout, timeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            return await server.AnswersAsync(Ports, both.Token);
        }
        catch (ServerException)
        {
            throw;
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    private void KeepLastLog()
    {
        if (File.Exists(Log))
        {
            File.Move(Log, data.LastLog(Kind), overwrite: true);
        }
    }
}
