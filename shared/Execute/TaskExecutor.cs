using System.Runtime.ExceptionServices;
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
    /// <summary>How often an invocation that waits for its last handlers looks for a ticket that waits, and how often all of a process together.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan BetweenLooksOfAll = TimeSpan.FromMilliseconds(50);

    /// <summary>An invocation that stands back asks after so long whether a ticket of its own queue waits.</summary>
    private static readonly TimeSpan StandsBackFor = TimeSpan.FromMilliseconds(500);

    /// <summary>Handlers that take so long are waited for beside other work.</summary>
    private static readonly TimeSpan AWhile = TimeSpan.FromMilliseconds(50);

    /// <summary>A suspect that may not begin here now is looked at again after so long.</summary>
    private static readonly TimeSpan PutOffFor = TimeSpan.FromSeconds(1);

    /// <summary>What is left is given back as long as outcomes are written.</summary>
    private static readonly TimeSpan LongestOutage = TimeSpan.FromMinutes(5);

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
    private readonly TimeProvider clock;
    private readonly ExecuteOptions options;
    private readonly ILogger<TaskExecutor> log;
    private long lookedInVainAt;

    internal TaskExecutor(ExecutorParts parts, IOptions<ExecuteOptions> options, TimeProvider clock, ILogger<TaskExecutor> log)
    {
        (store, nudge, retry, runner, failures, finisher, heart, beginning, places, trials, invocations, process, identity, signal) = parts;
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

        // The host may go on with messages for a moment. What begins once the grace is over would be killed; the message comes again, elsewhere.
        if (heart.DrainsFor.TotalSeconds >= options.ShutdownGraceSeconds)
        {
            stopping.Token.ThrowIfCancellationRequested();
        }

        var began = clock.GetTimestamp();
        var taken = places.AreStuckFor(hint.QueueName) ? TakenTicket.None : await StartAsync(ticket, hint.QueueName);
        if (taken.IsNone)
        {
            LogDuplicate(hint.TicketId);
            taken = await AdoptAsync();
        }

        await ExecuteTicketsAsync(taken, () => IsYoung(began), stopping.Token);
    }

    /// <summary>
    /// Works a ticket off, and then others that wait, as long as the invocation is young or has to stay for a handler anyway. Handlers that run for long hold
    /// their own places, not the invocation's: while the last of some tickets go on, others are served beside them, as many as there are places.
    /// </summary>
    private async Task ExecuteTicketsAsync(TakenTicket first, Func<bool> isYoung, CancellationToken shutdown)
    {
        var held = new HeldTickets((ticket, exception) => LogTicketFailed(exception, ticket.Tasks[0].Ticket));
        for (var taken = first; !taken.IsNone || held.Count > 0; taken = await NextAsync(held, isYoung, shutdown))
        {
            if (taken.IsNone)
            {
                await held.WaitAsync(BetweenLooks, clock);
            }
            else
            {
                var others = held.Snapshot();
                var rests = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                var ticket = ExecuteTicketAsync(taken, () => isYoung() || others.Any(static other => !other.IsCompleted), rests, shutdown);
                held.Add(taken, ticket);
                await Task.WhenAny(ticket, rests.Task);
            }
        }

        held.ThrowWhatTheFirstThrew();
    }

    /// <summary>After a suspect the next one of its queue, without a message; else the ticket that waits longest.</summary>
    private async Task<TakenTicket> NextAsync(HeldTickets held, Func<bool> isYoung, CancellationToken shutdown)
    {
        var suspects = held.LetGo();
        if (shutdown.IsCancellationRequested || held.Count >= options.Concurrency || held.Count == 0 && !isYoung())
        {
            return TakenTicket.None;
        }

        if (held.Count > 0 && suspects.Length == 0 && clock.GetElapsedTime(Volatile.Read(ref lookedInVainAt)) < BetweenLooksOfAll)
        {
            return TakenTicket.None;
        }

        try
        {
            foreach (var queueName in suspects)
            {
                if (await store.ClaimQuarantinedAsync(queueName, options.Lease, CancellationToken.None) is { } alone
                    && await StartAsync(alone.Id, queueName) is { IsNone: false } next)
                {
                    return next;
                }
            }

            var adopted = await AdoptAsync();
            if (adopted.IsNone)
            {
                Volatile.Write(ref lookedInVainAt, clock.GetTimestamp());
            }

            return adopted;
        }
        catch (Exception exception)
        {
            // The tickets whose handlers still run must not end with it: the healer finds what was left of this one.
            LogNotServed(exception.Message);
            return TakenTicket.None;
        }
    }

    /// <summary>Works a ticket off.</summary>
    /// <param name="taken">The ticket.</param>
    /// <param name="goesOn">Whether more work may be taken into it.</param>
    /// <param name="rests">Set when it takes no more, and only its last handlers run.</param>
    /// <param name="shutdown">Ends when the host stops.</param>
    private async Task ExecuteTicketAsync(TakenTicket taken, Func<bool> goesOn, TaskCompletionSource rests, CancellationToken shutdown)
    {
        // Checkpoint 6: the ticket is started, no handler has run. The lease ends; what might have been begun counts as crashed.
        CrashCheckpoints.Pass(6);
        var run = NewRun(taken);
        LogStarted(run.Ticket.Id, taken.Tasks.Count, run.Ticket.QueueName);
        using (heart.Keep(run))
        {
            var suspect = taken.IsSuspect ? taken.Tasks[0] : null;
            if (suspect is not null && !await trials.TryBeginAsync(suspect, run.HasPlace))
            {
                run.PutOff(suspect, PutOffFor);
                await RunAsync(run, null, goesOn, rests, shutdown);
            }
            else
            {
                run.Begin(taken.Tasks, suspect is null ? taken.Begin : 1);
                await RunAsync(run, suspect, goesOn, rests, shutdown);
            }

            await GiveBackUnknownAsync(run);
        }

        if (!run.IsElsewhere)
        {
            await CloseAsync(run);
        }

        // What came while this executor was hungry got no message; what it did not take goes out as tickets. Not awaited: the next ticket's lease
        // would run while a pass waits for the storage account.
        nudge.Pass(run.Ticket.QueueName);
    }

    private TicketRun NewRun(TakenTicket taken)
    {
        var first = taken.Tasks[0];
        var lease = new TicketLease(options.Lease, taken.Before, clock);
        return new TicketRun(
            new RunningTicket(first.Ticket, first.QueueName, identity.Id), runner, beginning, lease,
            taken.Places ?? NewPlaces(first.QueueName), options.MostUnwritten)
        {
            IsOfSuspect = taken.IsSuspect,
        };
    }

    private async Task RunAsync(TicketRun run, TaskRecord? onTrial, Func<bool> goesOn, TaskCompletionSource rests, CancellationToken shutdown)
    {
        using var over = new CancellationTokenSource();
        var writing = finisher.WriteAllAsync(run, over.Token);
        var watching = new AttemptWatch(run, options, clock).WatchAsync(shutdown, over.Token);
        var trial = onTrial is null ? Task.CompletedTask : trials.WatchAsync(onTrial, run, over.Token);
        try
        {
            if (!run.IsOfSuspect)
            {
                await TakeMoreAsync(run, goesOn, shutdown);
                await EndHungerAsync(run);
            }

            rests.SetResult();
            while (!run.IsDone && run.Broken is null && !writing.IsCompleted && !watching.IsCompleted)
            {
                await run.Wake.WaitAsync(Patience, clock, CancellationToken.None);
            }

            if (!run.IsDone)
            {
                // Who works, writes or watches has died, for want of memory perhaps. The lease ends, and others take it.
                run.Lose();
            }

            if (run.Broken is { } broken)
            {
                ExceptionDispatchInfo.Throw(broken);
            }
        }
        finally
        {
            // First, for places that nobody gives back would be lost to the process.
            run.KeepNoPromises();
            await over.CancelAsync();
            await Task.WhenAll(writing, watching, trial);
            failures.TellOthers();
        }
    }

    /// <summary>What came with an answer that was lost goes back while the lease is still kept: its end would charge this process with a crash.</summary>
    private async Task GiveBackUnknownAsync(TicketRun run)
    {
        if (run.MayHoldMore && !run.IsElsewhere && await retry.RepeatAsync(() => FindMoreAsync(run), LongestOutage) is { Count: > 0 } left)
        {
            var results = left.Select(static task => new AttemptResult(task.Id, AttemptRules.Decide(task.Claim, AttemptEnd.WasGivenBack), null, 0, task.Place));
            await retry.RepeatAsync(() => store.ApplyAsync(run.Ticket.Id, identity.Id, [.. results], CancellationToken.None), LongestOutage);
        }
    }

    private async Task CloseAsync(TicketRun run)
    {
        await store.CloseTicketAsync(run.Ticket.Id, CancellationToken.None);
        LogClosed(run.Ticket.Id);
    }

    private bool IsYoung(long began) => Elapsed(began) < options.InvocationSeconds;

    private double Elapsed(long since) => clock.GetElapsedTime(since).TotalSeconds;
}
