using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Millrace.Local.Hosting.Http;

namespace Millrace.Local.Hosting;

/// <summary>
/// Runs an app of Azure Functions in this process: HTTP, queues and timers with the semantics of the real host. See
/// docs/local-host.md for where it differs.
/// </summary>
public sealed partial class FunctionsHost : IAsyncDisposable
{
    private readonly BuiltHost built;
    private readonly FunctionsHostOptions options;
    private readonly ILogger logger;
    private readonly Lock gate = new();
    private HttpServer? server;
    private Task? stopped;

    private FunctionsHost(BuiltHost built, FunctionsHostOptions options)
    {
        this.built = built;
        this.options = options;
        logger = built.App.Services.GetRequiredService<ILogger<FunctionsHost>>();
    }

    /// <summary>Where it listens; null without HTTP.</summary>
    public Uri? BaseUrl => server?.Address;

    public IReadOnlyList<FunctionSummary> Functions => built.Control.Functions;

    public int OutstandingInvocations => built.Tally.Outstanding;

    /// <summary>The app's services.</summary>
    public IServiceProvider Services => built.App.Services;

    /// <exception cref="FunctionsHostException">The app cannot start; every fault is a sentence.</exception>
    public static async Task<FunctionsHost> StartAsync(FunctionsHostOptions options, CancellationToken cancellation)
    {
        var host = new FunctionsHost(new FunctionsHostBuilder(options).Build(), options);
        try
        {
            await host.StartAsync(cancellation);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Stops in order: nothing new is taken, work in flight is told to stop (not in drain mode) and awaited for the
    /// drain time-out, then the app's own services stop.
    /// </summary>
    public Task StopAsync()
    {
        lock (gate)
        {
            return stopped ??= StopOnceAsync();
        }
    }

    /// <summary>Returns when the process is asked to end (SIGTERM, Ctrl-C), the app asks for it, or the token is cancelled.</summary>
    public async Task WaitForShutdownAsync(CancellationToken cancellation)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Ask);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Ask);
        using var app = built.App.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(() => asked.TrySetResult());
        using var caller = cancellation.Register(() => asked.TrySetResult());
        await asked.Task;

        void Ask(PosixSignalContext signal)
        {
            signal.Cancel = true;
            asked.TrySetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await (server?.DisposeAsync() ?? ValueTask.CompletedTask);
        await ((IAsyncDisposable)built.App).DisposeAsync();
        built.Listeners.Dispose();
        built.Stopping.Dispose();
    }

    private async Task StartAsync(CancellationToken cancellation)
    {
        foreach (var warning in built.Warnings)
        {
            LogWarning(logger, warning);
        }

        await built.App.StartAsync(cancellation);
        if (built.Http is { } http)
        {
            server = await HttpServer.StartAsync(http.Pipeline, http.Address, http.Port, http.Services, cancellation);
        }

        built.Listeners.Start();
        LogStarted(logger, Functions.Count, BaseUrl);
    }

    private async Task StopOnceAsync()
    {
        var listening = built.Listeners.StopAsync();
        if (!built.Settings.IsDrainMode)
        {
            await built.Stopping.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        using var timeout = new CancellationTokenSource(options.DrainTimeout, options.TimeProvider);
        await (server?.StopAsync(timeout.Token) ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // First the listeners: a message that they have just received is in the tally when they have ended.
        await listening.WaitAsync(options.DrainTimeout, options.TimeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!await built.Tally.WaitEmptyAsync(options.DrainTimeout, options.TimeProvider))
        {
            LogAbandoned(logger, built.Tally.Outstanding, options.DrainTimeout);
        }

        await built.App.StopAsync(timeout.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        LogStopped(logger);
    }
}
