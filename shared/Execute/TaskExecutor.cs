using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Millrace.Dispatch;
using Millrace.Lifecycle;
using Millrace.Queues;
using Millrace.Redis;
using Millrace.Store;
using Millrace.Telemetry;

namespace Millrace.Execute;

/// <summary>
/// Works one ticket off: start, run, write, take more while there is more, close. Any number of tickets run in a process
/// at the same time.
/// </summary>
public sealed partial class TaskExecutor
{
    private readonly TaskStore store;
    private readonly TaskDispatcher dispatcher;
    private readonly DispatchNudge nudge;
    private readonly StoreRetry retry;
    private readonly AttemptRunner runner;
    private readonly TicketFinisher finisher;
    private readonly ExecutorHeart heart;
    private readonly TicketBeginning beginning;
    private readonly ExecutorIdentity identity;
    private readonly RedisSignal signal;
    private readonly RedisLink redis;
    private readonly TimeProvider clock;
    private readonly ExecuteOptions options;
    private readonly ILogger<TaskExecutor> log;

    internal TaskExecutor(ExecutorParts parts, IOptions<ExecuteOptions> options, TimeProvider clock, ILogger<TaskExecutor> log)
    {
        (store, dispatcher, nudge, retry, runner, finisher, heart, beginning, identity, signal, redis) = parts;
        this.clock = clock;
        this.options = options.Value;
        this.log = log;
    }

    /// <summary>
    /// Executes the ticket that a storage-queue message names, and then others that wait, as long as there are some and the
    /// invocation is young. A duplicate, late or unreadable message does nothing.
    /// </summary>
    /// <param name="message">The message's text.</param>
    /// <param name="shutdown">Ends when the host stops: no more is taken, handlers get their grace, the rest is given back.</param>
    public async Task ExecuteAsync(string message, CancellationToken shutdown)
    {
        // Checkpoint 5: the message is received, the ticket is not started. The message comes again.
        CrashCheckpoints.Pass(5);
        if (TicketMessage.Read(message) is not { } hint)
        {
            LogUnreadable(message.Length <= 200 ? message : message[..200]);
            return;
        }

        var ticket = new TicketId(hint.TicketId);
        using var activity = PipelineActivity.Ticket(ticket, hint.QueueName, hint.Traceparent);
        var began = clock.GetTimestamp();
        var tasks = await StartAsync(ticket);
        if (tasks.Count == 0)
        {
            LogDuplicate(hint.TicketId);
            return;
        }

        using var draining = shutdown.Register(heart.Drain);
        while (tasks.Count > 0)
        {
            await ExecuteTicketAsync(tasks, began, shutdown);

            // What came while this executor was hungry got no message; what it did not take goes out as tickets.
            await dispatcher.DispatchAsync(tasks[0].QueueName, CancellationToken.None);
            tasks = IsYoung(began) && !shutdown.IsCancellationRequested ? await NextAsync(tasks[0]) : [];
        }
    }

    /// <summary>After a task that travels alone the next one that does, without a message; else the ticket that waits longest.</summary>
    private async Task<IReadOnlyList<TaskRecord>> NextAsync(TaskRecord last)
    {
        if (last.IsQuarantined && await dispatcher.ClaimQuarantinedAsync(last.QueueName, CancellationToken.None) is { } alone)
        {
            return await StartAsync(alone.Id);
        }

        return await TakeAsync(key => store.AdoptTicketAsync(identity.Id, options.Lease, key, CancellationToken.None));
    }

    private Task<IReadOnlyList<TaskRecord>> StartAsync(TicketId ticket) =>
        TakeAsync(key => store.StartTicketAsync(ticket, identity.Id, options.Lease, key, CancellationToken.None));

    /// <summary>A start whose answer was lost is repeated while its lease lasts: otherwise tasks that nobody has begun would count as crashed.</summary>
    private Task<IReadOnlyList<TaskRecord>> TakeAsync(Func<Guid, Task<IReadOnlyList<TaskRecord>>> take)
    {
        var key = Guid.CreateVersion7(clock.GetUtcNow());
        return retry.RepeatAsync(() => take(key), options.Lease);
    }

    private async Task ExecuteTicketAsync(IReadOnlyList<TaskRecord> tasks, long began, CancellationToken shutdown)
    {
        // Checkpoint 6: the ticket is started, no handler has run. The lease ends; what might have been begun counts as crashed.
        CrashCheckpoints.Pass(6);
        var run = new TicketRun(new RunningTicket(tasks[0].Ticket, tasks[0].QueueName, identity.Id), runner, beginning, options.Concurrency, options.MostUnwritten);
        LogStarted(run.Ticket.Id, tasks.Count, run.Ticket.QueueName);
        run.Begin(tasks);
        using (heart.Keep(run))
        {
            await RunAsync(run, tasks[0].IsQuarantined, began, shutdown);
        }

        if (!run.Lost)
        {
            await CloseAsync(run);
        }
    }

    private async Task RunAsync(TicketRun run, bool alone, long began, CancellationToken shutdown)
    {
        using var over = new CancellationTokenSource();
        var writing = finisher.WriteAllAsync(run, over.Token);
        var watching = new AttemptWatch(run, options, clock).WatchAsync(shutdown, over.Token);
        try
        {
            if (!alone)
            {
                await TakeMoreAsync(run, began, shutdown);
                await EndHungerAsync(run);
            }

            while (!run.IsDone)
            {
                await run.Wake.WaitAsync(CancellationToken.None);
            }
        }
        finally
        {
            await over.CancelAsync();
            await Task.WhenAll(writing, watching);
        }
    }

    /// <summary>Takes more work of the queue as room comes free, and waits a little for it when there is none.</summary>
    private async Task TakeMoreAsync(TicketRun run, long began, CancellationToken shutdown)
    {
        using var listening = signal.Listen(RedisKeys.WorkTopic(run.Ticket.QueueName), run.Wake.Set);
        var hungrySince = clock.GetTimestamp();
        var isHungry = false;
        var size = new ClaimSize(options, clock);
        while (!shutdown.IsCancellationRequested && !run.Lost && IsYoung(began))
        {
            if (!run.HasRoom)
            {
                await run.Room.WaitAsync(Patience, clock, shutdown);
                continue;
            }

            var wanted = size.Next();
            var tasks = await ClaimAsync(run, wanted);
            if (tasks.Count > 0)
            {
                run.Begin(tasks);
                size.Took(tasks.Count);
                hungrySince = clock.GetTimestamp();
                if (isHungry && tasks.Count >= wanted)
                {
                    // While this executor was hungry no tickets went out. More has come than it takes: now they do, for others.
                    nudge.Nudge(run.Ticket.QueueName);
                }

                isHungry = false;
            }
            else if (run.IsDone && await IsOverAsync(hungrySince, shutdown))
            {
                return;
            }
            else
            {
                isHungry = true;
                await run.Wake.WaitAsync(Patience, clock, shutdown);
            }
        }

        run.GiveBackInbox();
    }

    /// <summary>Handlers may go on for long, but nothing more is taken: others must hear of new work.</summary>
    private async Task EndHungerAsync(TicketRun run)
    {
        if (run.IsDone || run.Lost)
        {
            return;
        }

        try
        {
            await store.EndHungerAsync(run.Ticket, CancellationToken.None);
            nudge.Nudge(run.Ticket.QueueName);
        }
        catch (Npgsql.NpgsqlException exception)
        {
            // The mark ends by itself in a moment, and the timer finds what came meanwhile.
            LogNoClaim(run.Ticket.Id, exception.Message);
        }
    }

    /// <summary>Nothing is left to do here: returns at once when a ticket waits for this place, else after lingering.</summary>
    private async Task<bool> IsOverAsync(long hungrySince, CancellationToken shutdown)
    {
        try
        {
            return Elapsed(hungrySince) >= options.LingerSeconds || await store.TicketsWaitAsync(shutdown);
        }
        catch (Exception exception) when (exception is Npgsql.NpgsqlException or OperationCanceledException)
        {
            return Elapsed(hungrySince) >= options.LingerSeconds;
        }
    }

    /// <summary>Not stopped by shutdown in the middle: tasks whose claim is committed and whose answer is thrown away would wait for the lease.</summary>
    private async Task<IReadOnlyList<TaskRecord>> ClaimAsync(TicketRun run, int size)
    {
        try
        {
            if (run.MayHoldMore)
            {
                return await FindMoreAsync(run);
            }

            // Hungry outlasts the wait, or a dispatch pass between two looks would send a ticket for nothing.
            var hungry = Patience * 2 + TimeSpan.FromMilliseconds(200);
            return await store.ClaimMoreAsync(run.Ticket, size, run.LastPlace, options.Lease, hungry, CancellationToken.None);
        }
        catch (Npgsql.NpgsqlException exception)
        {
            LogNoClaim(run.Ticket.Id, exception.Message);
            run.MayHoldMore = true;
            return [];
        }
    }

    /// <summary>What a claim brought whose answer was lost. The heart keeps such tasks' lease too, so nobody else would find them.</summary>
    private async Task<IReadOnlyList<TaskRecord>> FindMoreAsync(TicketRun run)
    {
        var tasks = await store.TasksBehindAsync(run.Ticket, run.LastPlace, CancellationToken.None);
        run.MayHoldMore = false;
        return tasks;
    }

    private async Task CloseAsync(TicketRun run)
    {
        if (run.MayHoldMore && await FindMoreAsync(run) is { Count: > 0 } left)
        {
            var results = left.Select(static task => new AttemptResult(task.Id, AttemptRules.Decide(task.Claim, AttemptEnd.WasGivenBack), null, 0, task.Place));
            await store.ApplyAsync(run.Ticket.Id, identity.Id, [.. results], CancellationToken.None);
        }

        await store.CloseTicketAsync(run.Ticket.Id, CancellationToken.None);
        LogClosed(run.Ticket.Id);
    }

    private TimeSpan Patience => TimeSpan.FromSeconds(redis.Current is null ? options.PollSeconds : Math.Max(options.PollSeconds, 1));

    private bool IsYoung(long began) => Elapsed(began) < options.InvocationSeconds;

    private double Elapsed(long since) => clock.GetElapsedTime(since).TotalSeconds;
}
