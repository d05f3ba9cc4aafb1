using Microsoft.Extensions.Hosting;
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
    private static readonly TimeSpan LookForTickets = TimeSpan.FromMilliseconds(500);

    /// <summary>A suspect that may not begin here now is looked at again after so long.</summary>
    private static readonly TimeSpan PutOffFor = TimeSpan.FromSeconds(1);

    /// <summary>A run is woken for each of its tasks, hundreds of times a second; whether others wait is asked for less often.</summary>
    private static readonly TimeSpan BetweenQuestions = TimeSpan.FromMilliseconds(100);

    private readonly TaskStore store;
    private readonly DispatchNudge nudge;
    private readonly StoreRetry retry;
    private readonly AttemptRunner runner;
    private readonly FailureLog failures;
    private readonly TicketFinisher finisher;
    private readonly ExecutorHeart heart;
    private readonly TicketBeginning beginning;
    private readonly ProcessPlaces places;
    private readonly SuspectTrials trials;
    private readonly RunningInvocations invocations;
    private readonly IHostApplicationLifetime process;
    private readonly ExecutorIdentity identity;
    private readonly RedisSignal signal;
    private readonly RedisLink redis;
    private readonly TimeProvider clock;
    private readonly ExecuteOptions options;
    private readonly ILogger<TaskExecutor> log;

    internal TaskExecutor(ExecutorParts parts, IOptions<ExecuteOptions> options, TimeProvider clock, ILogger<TaskExecutor> log)
    {
        (store, nudge, retry, runner, failures, finisher, heart, beginning, places, trials, invocations, process, identity, signal, redis) = parts;
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
    /// <param name="stop">Ends when the host stops: no more is taken, handlers get their grace, the rest is given back. So it is when the process stops.</param>
    public async Task ExecuteAsync(string message, CancellationToken stop)
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
        using var entered = invocations.Enter();
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stop, process.ApplicationStopping);
        using var draining = stopping.Token.Register(heart.Drain);
        var began = clock.GetTimestamp();
        var taken = places.AreStuckFor(hint.QueueName) ? TakenTicket.None : await StartAsync(ticket, places.FreeFor(hint.QueueName));
        if (taken.IsNone)
        {
            LogDuplicate(hint.TicketId);
            taken = await AdoptAsync();
        }

        await ExecuteTicketsAsync(taken, () => IsYoung(began), 1, stopping.Token);
    }

    /// <summary>Works a ticket off, and then others that wait, as long as it goes on.</summary>
    /// <param name="taken">The first ticket.</param>
    /// <param name="goesOn">Whether more work may be taken: the invocation is young, or has to stay for a handler anyway.</param>
    /// <param name="depth">How many tickets the invocation works on, this one included.</param>
    /// <param name="shutdown">Ends when the host stops.</param>
    private async Task ExecuteTicketsAsync(TakenTicket taken, Func<bool> goesOn, int depth, CancellationToken shutdown)
    {
        while (!taken.IsNone)
        {
            var queueName = taken.Tasks[0].QueueName;
            await ExecuteTicketAsync(taken, goesOn, depth, shutdown);

            // What came while this executor was hungry got no message; what it did not take goes out as tickets. Not awaited: the next ticket's lease
            // would run while a pass waits for the storage account.
            nudge.Pass(queueName);
            taken = goesOn() && !shutdown.IsCancellationRequested ? await NextAsync(taken) : TakenTicket.None;
        }
    }

    /// <summary>After a suspect the next one of its queue, without a message; else the ticket that waits longest.</summary>
    private async Task<TakenTicket> NextAsync(TakenTicket last)
    {
        if (last.IsSuspect && await store.ClaimQuarantinedAsync(last.Tasks[0].QueueName, options.Lease, CancellationToken.None) is { } alone
            && await StartAsync(alone.Id, 1) is { IsNone: false } next)
        {
            return next;
        }

        return await AdoptAsync();
    }

    /// <summary>The ticket that waits longest, of a queue that has a place here. One that holds a suspect only while no other suspect is on trial.</summary>
    private Task<TakenTicket> AdoptAsync() =>
        TakeAsync(order => store.AdoptTicketAsync(order, places.StuckQueues(), CancellationToken.None), TaskStore.BeginAtOnce);

    private Task<TakenTicket> StartAsync(TicketId ticket, int places) =>
        TakeAsync(order => store.StartTicketAsync(ticket, order, CancellationToken.None), places);

    /// <summary>A start whose answer was lost is repeated while its lease lasts: otherwise its tasks would wait for the end of the lease.</summary>
    private async Task<TakenTicket> TakeAsync(Func<StartOrder, Task<IReadOnlyList<TaskRecord>>> take, int places)
    {
        var mayTry = trials.TryEnter();
        var taken = TakenTicket.None;
        try
        {
            var key = Guid.CreateVersion7(clock.GetUtcNow());
            var order = new StartOrder(identity.Id, options.Lease, key, Math.Clamp(places, 1, TaskStore.BeginAtOnce), mayTry);
            taken = await retry.RepeatAsync(
                async () =>
                {
                    var before = TicketLease.Now(clock);
                    return new TakenTicket(await take(order), before, order.Begin);
                },
                options.Lease);
            return taken;
        }
        finally
        {
            if (mayTry && !taken.IsSuspect)
            {
                trials.Leave();
            }
        }
    }

    private async Task ExecuteTicketAsync(TakenTicket taken, Func<bool> goesOn, int depth, CancellationToken shutdown)
    {
        // Checkpoint 6: the ticket is started, no handler has run. The lease ends; what might have been begun counts as crashed.
        CrashCheckpoints.Pass(6);
        var run = NewRun(taken);
        LogStarted(run.Ticket.Id, taken.Tasks.Count, run.Ticket.QueueName);
        using (heart.Keep(run))
        {
            var suspect = taken.IsSuspect ? taken.Tasks[0] : null;
            if (suspect is not null && !await trials.TryBeginAsync(suspect))
            {
                run.PutOff(suspect, PutOffFor);
                await RunAsync(run, null, goesOn, depth, shutdown);
            }
            else
            {
                run.Begin(taken.Tasks, taken.Begin);
                await RunAsync(run, suspect, goesOn, depth, shutdown);
            }
        }

        if (!run.Lost)
        {
            await CloseAsync(run);
        }
    }

    private TicketRun NewRun(TakenTicket taken)
    {
        var first = taken.Tasks[0];
        var lease = new TicketLease(options.Lease, clock);
        lease.Renew(taken.Before);
        return new TicketRun(
            new RunningTicket(first.Ticket, first.QueueName, identity.Id), runner, beginning, lease,
            new HandlerPlaces(places, first.QueueName, options.TicketConcurrency), options.MostUnwritten)
        {
            IsOfSuspect = taken.IsSuspect,
        };
    }

    private async Task RunAsync(TicketRun run, TaskRecord? onTrial, Func<bool> goesOn, int depth, CancellationToken shutdown)
    {
        using var over = new CancellationTokenSource();
        var writing = finisher.WriteAllAsync(run, over.Token);
        var watching = new AttemptWatch(run, options, clock).WatchAsync(shutdown, over.Token);
        var trial = onTrial is null ? Task.CompletedTask : trials.WatchAsync(onTrial, over.Token);
        try
        {
            if (!run.IsOfSuspect)
            {
                await TakeMoreAsync(run, goesOn, shutdown);
                await EndHungerAsync(run);
            }

            await UntilDoneAsync(run, goesOn, depth, shutdown);
        }
        finally
        {
            await over.CancelAsync();
            await Task.WhenAll(writing, watching, trial);
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
            var taken = await AdoptAsync();
            await ExecuteTicketsAsync(taken, goesOn, depth, shutdown);
            return !taken.IsNone;
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
