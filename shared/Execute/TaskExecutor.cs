using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Millrace.Dispatch;
using Millrace.Lifecycle;
using Millrace.Queues;
using Millrace.Redis;
using Millrace.Store;

namespace Millrace.Execute;

/// <summary>
/// Works one ticket off: start, run, write, take more while there is more, close. Any number of tickets run in a process
/// at the same time.
/// </summary>
public sealed partial class TaskExecutor
{
    private readonly TaskStore store;
    private readonly TaskDispatcher dispatcher;
    private readonly AttemptRunner runner;
    private readonly TicketFinisher finisher;
    private readonly ExecutorHeart heart;
    private readonly ExecutorIdentity identity;
    private readonly WorkSignal work;
    private readonly RedisLink redis;
    private readonly TimeProvider clock;
    private readonly ExecuteOptions options;
    private readonly ILogger<TaskExecutor> log;

    internal TaskExecutor(ExecutorParts parts, IOptions<ExecuteOptions> options, TimeProvider clock, ILogger<TaskExecutor> log)
    {
        (store, dispatcher, runner, finisher, heart, identity, work, redis) = parts;
        this.clock = clock;
        this.options = options.Value;
        this.log = log;
    }

    /// <summary>Executes the ticket that a storage-queue message names. A duplicate, late or unreadable message does nothing.</summary>
    /// <param name="message">The message's text.</param>
    /// <param name="shutdown">Ends when the host stops: no more is taken, handlers get their grace, the rest is given back.</param>
    public async Task ExecuteAsync(string message, CancellationToken shutdown)
    {
        // Checkpoint 5: the message is received, the ticket is not started. The message comes again.
        CrashCheckpoints.Pass(5);
        if (Read(message) is not { } hint || await StartAsync(hint, shutdown) is not { } run)
        {
            return;
        }

        using (heart.Keep(run))
        {
            await RunAsync(run, shutdown);
        }

        if (!run.Lost)
        {
            await store.CloseTicketAsync(run.Ticket.Id, CancellationToken.None);
        }

        // What came while this executor was hungry got no message; what it could not take goes out as tickets.
        await dispatcher.DispatchAsync(run.Ticket.QueueName, CancellationToken.None);
        LogClosed(run.Ticket.Id);
    }

    private async Task<TicketRun?> StartAsync(TicketMessage hint, CancellationToken shutdown)
    {
        var ticket = new RunningTicket(new TicketId(hint.TicketId), hint.QueueName, identity.Id);
        var tasks = await store.StartTicketAsync(ticket.Id, identity.Id, options.Lease, shutdown);
        if (tasks is null)
        {
            LogDuplicate(ticket.Id);
            return null;
        }

        // Checkpoint 6: the ticket is started, no handler has run. The lease ends; each task counts as crashed.
        CrashCheckpoints.Pass(6);
        LogStarted(ticket.Id, tasks.Count, ticket.QueueName);
        var run = new TicketRun(ticket, runner, options.Concurrency);
        run.Begin(tasks);
        return run;
    }

    private async Task RunAsync(TicketRun run, CancellationToken shutdown)
    {
        using var over = new CancellationTokenSource();
        var writing = finisher.WriteAllAsync(run, over.Token);
        var watching = new AttemptWatch(run, options, clock).WatchAsync(shutdown, over.Token);
        try
        {
            await TakeMoreAsync(run, shutdown);
            while (!run.IsDone)
            {
                await run.Room.WaitAsync(CancellationToken.None);
            }
        }
        finally
        {
            await over.CancelAsync();
            await Task.WhenAll(writing, watching);
        }
    }

    /// <summary>Takes more work of the queue as room comes free, and waits a little for it when there is none.</summary>
    private async Task TakeMoreAsync(TicketRun run, CancellationToken shutdown)
    {
        using var listener = work.Listen(run.Ticket.QueueName);
        var began = clock.GetTimestamp();
        var hungrySince = began;
        var size = new ClaimSize(options, clock);
        while (!shutdown.IsCancellationRequested && !run.Lost && Elapsed(began) < options.InvocationSeconds)
        {
            if (!run.HasRoom)
            {
                await WaitForRoomAsync(run, shutdown);
                continue;
            }

            var tasks = await ClaimAsync(run, size.Next(), shutdown);
            if (tasks.Count > 0)
            {
                run.Begin(tasks);
                size.Took(tasks.Count);
                hungrySince = clock.GetTimestamp();
            }
            else if (run.IsDone && Elapsed(hungrySince) >= options.LingerSeconds)
            {
                return;
            }
            else
            {
                await listener.WaitAsync(Patience, clock, shutdown);
            }
        }

        run.GiveBackInbox();
    }

    private async Task<IReadOnlyList<TaskRecord>> ClaimAsync(TicketRun run, int size, CancellationToken shutdown)
    {
        try
        {
            // Hungry outlasts the wait, or a dispatch pass between two looks would send a ticket for nothing.
            return await store.ClaimMoreAsync(run.Ticket, size, options.Lease, Patience * 2 + TimeSpan.FromMilliseconds(200), shutdown);
        }
        catch (Exception exception) when (exception is Npgsql.NpgsqlException or OperationCanceledException)
        {
            LogNoClaim(run.Ticket.Id, exception.Message);
            return [];
        }
    }

    private static async Task WaitForRoomAsync(TicketRun run, CancellationToken shutdown)
    {
        try
        {
            await run.Room.WaitAsync(shutdown);
        }
        catch (OperationCanceledException)
        {
            // The loop's own condition sees the shutdown.
        }
    }

    private TimeSpan Patience => TimeSpan.FromSeconds(redis.Current is null ? options.PollSeconds : Math.Max(options.PollSeconds, 1));

    private double Elapsed(long since) => clock.GetElapsedTime(since).TotalSeconds;

    private TicketMessage? Read(string message)
    {
        try
        {
            return JsonSerializer.Deserialize(message, QueueJson.Default.TicketMessage);
        }
        catch (JsonException)
        {
            LogUnreadable(message.Length <= 200 ? message : message[..200]);
            return null;
        }
    }
}
