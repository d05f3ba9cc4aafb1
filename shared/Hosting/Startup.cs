using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Millrace.Dispatch;
using Millrace.Execute;
using Millrace.Handlers;
using Millrace.Heal;
using Millrace.Queues;
using Millrace.Store;
using Npgsql;

namespace Millrace.Hosting;

/// <summary>
/// Before the first function runs: the schema is up to date and the queues exist. Then, beside them, one heal and one dispatch
/// pass, for a start is often what follows a crash, and a dead host's lock keeps the timers still for a while.
/// </summary>
internal sealed partial class Startup(
    NpgsqlDataSource database,
    IOptions<StoreOptions> store,
    IOptions<ExecuteOptions> execute,
    MessageSender sender,
    TaskHealer healer,
    TaskDispatcher dispatcher,
    HandlerRegistry handlers,
    ILogger<Startup> log) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource stop = new();

    private Task passes = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        LetHandlersBlock();
        LogHandlers(string.Join(", ", handlers.Types.Order(StringComparer.Ordinal)));
        if (store.Value.Migrate)
        {
            await Migrator.MigrateAsync(database, store.Value, log, cancellationToken);
        }

        await sender.CreateQueuesAsync(cancellationToken);
        passes = Task.Run(PassAsync, CancellationToken.None);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stop.CancelAsync();
        await passes;
    }

    public void Dispose() => stop.Dispose();

    /// <summary>Handlers that block their threads must leave some for the rest of the process; the pool alone adds one or two a second.</summary>
    private void LetHandlersBlock()
    {
        ThreadPool.GetMinThreads(out var workers, out var ports);
        ThreadPool.SetMinThreads(Math.Max(workers, execute.Value.Concurrency + (2 * Environment.ProcessorCount)), ports);
    }

    private async Task PassAsync()
    {
        try
        {
            await healer.HealTicketsAsync(stop.Token);
            await dispatcher.DispatchAsync(null, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The host ends before it has begun.
        }
        catch (Exception exception)
        {
            LogNoPass(exception);
        }
    }

    [LoggerMessage(5902, LogLevel.Debug, "There are handlers for {Types}")]
    private partial void LogHandlers(string types);

    [LoggerMessage(5901, LogLevel.Warning, "The first heal and dispatch passes failed; the timers will repeat them")]
    private partial void LogNoPass(Exception exception);
}
