using Microsoft.Extensions.Logging;

namespace Millrace.Local.Hosting;

/// <summary>The queue and timer listeners of a host: started, drained and resumed together. One that fails is started again.</summary>
internal sealed partial class ListenerGroup(IReadOnlyList<IListener> listeners, TimeProvider time, ILogger logger) : IDisposable
{
    private static readonly TimeSpan RestartDelay = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private CancellationTokenSource? stop;
    private Task running = Task.CompletedTask;

    public bool IsRunning
    {
        get
        {
            lock (gate)
            {
                return stop is not null;
            }
        }
    }

    public void Start()
    {
        lock (gate)
        {
            if (stop is null)
            {
                stop = new CancellationTokenSource();
                running = RunAsync(running, stop.Token);
            }
        }
    }

    /// <summary>Asks the listeners to stop; the task ends when they have.</summary>
    public async Task StopAsync()
    {
        CancellationTokenSource? stopping;
        Task ending;
        lock (gate)
        {
            (stopping, stop, ending) = (stop, null, running);
        }

        await (stopping?.CancelAsync() ?? Task.CompletedTask);
        await ending;
        stopping?.Dispose();
    }

    public void Dispose() => stop?.Dispose();

    private async Task RunAsync(Task previous, CancellationToken cancellation)
    {
        await previous;
        await Task.WhenAll(listeners.Select(listener => Task.Run(() => KeepRunningAsync(listener, cancellation), CancellationToken.None)));
    }

    private async Task KeepRunningAsync(IListener listener, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await listener.RunAsync(cancellation);
            }
            catch (Exception exception)
            {
                LogFailed(logger, RestartDelay, exception);
                await Task.Delay(RestartDelay, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
