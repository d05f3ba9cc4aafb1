using Azure;
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
        await PrepareAsync(cancellationToken);
        passes = Task.Run(PassAsync, CancellationToken.None);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stop.CancelAsync();
        await passes;
    }

    public void Dispose() => stop.Dispose();

    /// <exception cref="InvalidOperationException">A server is not reached; the message names its setting.</exception>
    private async Task PrepareAsync(CancellationToken cancellation)
    {
        try
        {
            if (store.Value.Migrate)
            {
                await Migrator.MigrateAsync(database, store.Value, log, cancellation);
            }

            await sender.CreateQueuesAsync(cancellation);
        }
        catch (NpgsqlException exception) when (StoreOutage.IsOne(exception))
        {
            throw new InvalidOperationException(
                $"PostgreSQL cannot be used ({exception.Message}). Start it, or set MILLRACE_POSTGRES to one that answers.", exception);
        }
        catch (Exception exception) when (exception is RequestFailedException or AggregateException)
        {
            throw new InvalidOperationException(
                $"The storage account cannot be used ({Reason(exception)}). Start it, or set AzureWebJobsStorage to one that answers.", exception);
        }
    }

    /// <summary>The SDK tries several times, and tells of every time.</summary>
    private static string Reason(Exception exception) =>
        (exception as AggregateException)?.InnerExceptions[^1].Message ?? exception.Message.Split('\n')[0].Trim();

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
