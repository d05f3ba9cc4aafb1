using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Millrace.Dispatch;
using Millrace.Lifecycle;
using Millrace.Queues;
using Millrace.Redis;
using Millrace.Store;
using Millrace.Store.Rows;
using Millrace.Telemetry;

namespace Millrace.Execute;

/// <summary>
/// Works one ticket off: start, run, write, take more while there is more, close. Any number of tickets run in a process
/// at the same time.
/// </summary>
public sealed partial class TaskExecutor
{
    /// <summary>Tickets that one invocation works on at the same time, each but the last for handlers that run for long.</summary>
    private const int MostTickets = 8;

    /// <summary>How often an invocation that waits for its last handlers looks for a ticket that waits.</summary>
    private static readonly TimeSpan LookForTickets = TimeSpan.FromSeconds(1);

    /// <summary>A run is woken for each of its tasks, hundreds of times a second; whether others wait is asked for less often.</summary>
    private static readonly TimeSpan BetweenQuestions = TimeSpan.FromMilliseconds(100);

    private readonly TaskStore store;
    private readonly TaskDispatcher dispatcher;
    private readonly DispatchNudge nudge;
    private readonly StoreRetry retry;
    private readonly AttemptRunner runner;
    private readonly FailureLog failures;
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
        (store, dispatcher, nudge, retry, runner, failures, finisher, heart, beginning, identity, signal, redis) = parts;
        this.clock = clock;
        this.options = options.Value;
        this.log = log;
    }

    /// <summary>
    /// Executes the ticket that a storage-queue message names, and then others that wait, as long as there are some and the
    /// invocation is young. A duplicate or late message makes room for the ticket that waits longest, whose own message may lie behind many
    /// like it; an unreadable one does nothing.
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
            tasks = await AdoptAsync();
        }

        using var draining = shutdown.Register(heart.Drain);
        await ExecuteTicketsAsync(tasks, () => IsYoung(began), 1, shutdown);
    }

    /// <summary>Works a ticket off, and then others that wait, as long as it goes on.</summary>
    /// <param name="tasks">What the first ticket began with.</param>
    /// <param name="goesOn">Whether more work may be taken: the invocation is young, or has to stay for a handler anyway.</param>
    /// <param name="depth">How many tickets the invocation works on, this one included.</param>
    /// <param name="shutdown">Ends when the host stops.</param>
    private async Task ExecuteTicketsAsync(IReadOnlyList<TaskRecord> tasks, Func<bool> goesOn, int depth, CancellationToken shutdown)
    {
        while (tasks.Count > 0)
        {
            var last = tasks[0];
            await ExecuteTicketAsync(tasks, goesOn, depth, shutdown);
            tasks = goesOn() && !shutdown.IsCancellationRequested ? await NextAsync(last) : [];
            if (tasks.Count == 0 || !last.IsQuarantined)
            {
                // What came while this executor was hungry got no message; what it did not take goes out as tickets. Not between two
                // tasks that travel alone: the pass would send the second by message.
                await DispatchBehindAsync(last.QueueName, goesOn: tasks.Count > 0);
            }
        }
    }

    /// <summary>Whoever has taken another ticket does not wait for the pass. One that fails is made up for by the timer.</summary>
    private async Task DispatchBehindAsync(string queueName, bool goesOn)
    {
        if (goesOn)
        {
            nudge.Pass(queueName);
            return;
        }

        try
        {
            await dispatcher.DispatchAsync(queueName, CancellationToken.None);
        }
        catch (Exception exception)
        {
            LogNotDispatched(queueName, exception.Message);
        }
    }

    /// <summary>After a task that travels alone the next one that does, without a message; else the ticket that waits longest.</summary>
    private async Task<IReadOnlyList<TaskRecord>> NextAsync(TaskRecord last)
    {
        if (last.IsQuarantined && await dispatcher.ClaimQuarantinedAsync(last.QueueName, CancellationToken.None) is { } alone)
        {
            return await StartAsync(alone.Id);
        }

        return await AdoptAsync();
    }

    private Task<IReadOnlyList<TaskRecord>> AdoptAsync() =>
        TakeAsync(key => store.AdoptTicketAsync(identity.Id, options.Lease, key, CancellationToken.None));

    private Task<IReadOnlyList<TaskRecord>> StartAsync(TicketId ticket) =>
        TakeAsync(key => store.StartTicketAsync(ticket, identity.Id, options.Lease, key, CancellationToken.None));

    /// <summary>A start whose answer was lost is repeated while its lease lasts: otherwise tasks that nobody has begun would count as crashed.</summary>
    private Task<IReadOnlyList<TaskRecord>> TakeAsync(Func<Guid, Task<IReadOnlyList<TaskRecord>>> take)
    {
        var key = Guid.CreateVersion7(clock.GetUtcNow());
        return retry.RepeatAsync(() => take(key), options.Lease);
    }

    private async Task ExecuteTicketAsync(IReadOnlyList<TaskRecord> tasks, Func<bool> goesOn, int depth, CancellationToken shutdown)
    {
        // Checkpoint 6: the ticket is started, no handler has run. The lease ends; what might have been begun counts as crashed.
        CrashCheckpoints.Pass(6);
        var run = new TicketRun(new RunningTicket(tasks[0].Ticket, tasks[0].QueueName, identity.Id), runner, beginning, options.Concurrency, options.MostUnwritten);
        LogStarted(run.Ticket.Id, tasks.Count, run.Ticket.QueueName);
        run.Begin(tasks, TaskStore.BeginAtOnce);
        using (heart.Keep(run))
        {
            await RunAsync(run, tasks[0].IsQuarantined, goesOn, depth, shutdown);
        }

        if (!run.Lost)
        {
            await CloseAsync(run);
        }
    }

    private async Task RunAsync(TicketRun run, bool alone, Func<bool> goesOn, int depth, CancellationToken shutdown)
    {
        using var over = new CancellationTokenSource();
        var writing = finisher.WriteAllAsync(run, over.Token);
        var watching = new AttemptWatch(run, options, clock).WatchAsync(shutdown, over.Token);
        try
        {
            if (!alone)
            {
                await TakeMoreAsync(run, goesOn, shutdown);
                await EndHungerAsync(run);
            }

            await UntilDoneAsync(run, goesOn, alone ? MostTickets : depth, shutdown);
        }
        finally
        {
            await over.CancelAsync();
            await Task.WhenAll(writing, watching);
            failures.TellOthers();
        }
    }

    /// <summary>
    /// Handlers that run for long hold their own places, not the invocation's: while the last of a ticket go on, tickets that
    /// wait for an invocation are served one after another.
    /// </summary>
    private async Task UntilDoneAsync(TicketRun run, Func<bool> goesOn, int depth, CancellationToken shutdown)
    {
        while (!run.IsDone)
        {
            if (depth >= MostTickets || run.Lost || shutdown.IsCancellationRequested
                || !await ServeAnotherAsync(() => goesOn() || !run.IsDone, depth + 1, shutdown))
            {
                await run.Wake.WaitAsync(LookForTickets, clock, CancellationToken.None);
            }
        }
    }

    /// <returns>False when no ticket waits.</returns>
    private async Task<bool> ServeAnotherAsync(Func<bool> goesOn, int depth, CancellationToken shutdown)
    {
        try
        {
            var tasks = await AdoptAsync();
            if (tasks.Count > 0)
            {
                await ExecuteTicketsAsync(tasks, goesOn, depth, shutdown);
            }

            return tasks.Count > 0;
        }
        catch (Exception exception)
        {
            // The ticket whose handlers still run must not end with it: the healer finds what was left of this one.
            LogNotServed(exception.Message);
            return false;
        }
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

    private bool IsYoung(long began) => Elapsed(began) < options.InvocationSeconds;

    private double Elapsed(long since) => clock.GetElapsedTime(since).TotalSeconds;
}
