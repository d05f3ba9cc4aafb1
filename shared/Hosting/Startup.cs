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
/// Before the first function runs: the schema is up to date and the queues exist. When PostgreSQL or the storage account is away the process starts all the
/// same, answers 503, and prepares when they come. Then, beside the functions, one heal and one dispatch pass, for a start is often what follows a crash, and
/// a dead host's lock keeps the timers still for a while. At the end it waits for executors, which give back what they hold.
/// </summary>
internal sealed partial class Startup(
    NpgsqlDataSource database,
    IOptions<StoreOptions> store,
    IOptions<ExecuteOptions> execute,
    MessageSender sender,
    TaskHealer healer,
    TaskDispatcher dispatcher,
    DispatchNudge nudge,
    HandlerRegistry handlers,
    RunningInvocations invocations,
    IHostApplicationLifetime process,
    TimeProvider clock,
    ILogger<Startup> log) : IHostedLifecycleService, IDisposable
{
    /// <summary>The start waits so long for servers that do not answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource stop = new();

    private Task passes = Task.CompletedTask;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        LetHandlersBlock();
        dispatcher.TellWhatIsLeft(nudge.PassAfterHunger);
        LogHandlers(string.Join(", ", handlers.Types.Order(StringComparer.Ordinal)));
        var prepared = TryPrepareAsync(stop.Token, cancellationToken);
        var inTime = await Task.WhenAny(prepared, Task.Delay(Patience, clock, cancellationToken)) == prepared;
        passes = Task.Run(() => PassAsync(prepared), CancellationToken.None);
        if (inTime)
        {
            await prepared;
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stop.CancelAsync();
        await Task.WhenAll(invocations.WaitUntilNoneAsync(execute.Value.LongestStop, clock), passes)
            .WaitAsync(execute.Value.LongestStop, clock, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => stop.Dispose();

    /// <returns>False when a server is away.</returns>
    /// <exception cref="InvalidOperationException">A setting is wrong; the message names it.</exception>
    private async Task<bool> TryPrepareAsync(CancellationToken stopped, CancellationToken starting = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopped, starting);
        var cancellation = either.Token;
        try
        {
            if (store.Value.Migrate)
            {
                await Migrator.MigrateAsync(database, store.Value, log, cancellation);
            }

            await sender.CreateQueuesAsync(cancellation);
            return true;
        }
        catch (PostgresException refused) when (refused.SqlState is ['2', '8', ..] or PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new InvalidOperationException(
                $"PostgreSQL cannot be used ({refused.Message}). Set MILLRACE_POSTGRES to a user who may log in and make tables.", refused);
        }
        catch (NpgsqlException exception) when (StoreOutage.IsOne(exception))
        {
            LogStoreAway(exception.Message);
            return false;
        }
        catch (Exception exception) when (exception is RequestFailedException or AggregateException)
        {
            LogStorageAway(Reason(exception));
            return false;
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

    private async Task PassAsync(Task<bool> prepared)
    {
        try
        {
            while (!await prepared)
            {
                await Task.Delay(BetweenTries, clock, stop.Token);
                prepared = TryPrepareAsync(stop.Token);
            }

            await healer.HealTicketsAsync(stop.Token);
            await dispatcher.DispatchAsync(null, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The host ends before it has begun.
        }
        catch (InvalidOperationException exception)
        {
            // A setting or a migration is wrong, and was found out after the start. Nobody would prepare again.
            LogUnusable(exception);
            process.StopApplication();
        }
        catch (Exception exception)
        {
            LogNoPass(exception);
        }
    }

    [LoggerMessage(5903, LogLevel.Error, "PostgreSQL cannot be used ({Reason}). Start it, or set MILLRACE_POSTGRES to one that answers; it is tried again every two seconds")]
    private partial void LogStoreAway(string reason);

    [LoggerMessage(5904, LogLevel.Error, "The storage account cannot be used ({Reason}). Start it, or set AzureWebJobsStorage to one that answers; it is tried again every two seconds")]
    private partial void LogStorageAway(string reason);

    [LoggerMessage(5902, LogLevel.Debug, "There are handlers for {Types}")]
    private partial void LogHandlers(string types);

    [LoggerMessage(5905, LogLevel.Critical, "The process ends, for it can never work like this. Mend what the message names, and start it again")]
    private partial void LogUnusable(Exception exception);

    [LoggerMessage(5901, LogLevel.Warning, "The first heal and dispatch passes failed; the timers will repeat them")]
    private partial void LogNoPass(Exception exception);
}
