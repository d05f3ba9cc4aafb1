using Millrace.Redis;
using Millrace.Store;
using Millrace.Store.Rows;

namespace Millrace.Execute;

public sealed partial class TaskExecutor
{
    /// <summary>
    /// How long a run waits before it looks for work by itself. The mark of its hunger lasts somewhat longer, and while the mark of one that died lasts nobody
    /// else hears of new work: so it is short, also where Redis tells of new work.
    /// </summary>
    private TimeSpan Patience => TimeSpan.FromSeconds(options.PollSeconds);

    /// <summary>Takes more work of the queue as room comes free, and waits a little for it when there is none.</summary>
    private async Task TakeMoreAsync(TicketRun run, Func<bool> goesOn, CancellationToken shutdown)
    {
        using var listening = signal.Listen(RedisKeys.WorkTopic(run.Ticket.QueueName), run.WorkCame);
        var hungrySince = clock.GetTimestamp();
        var lookedAt = hungrySince;
        var askedAt = 0L;
        var size = new ClaimSize(options, clock);
        while (!shutdown.IsCancellationRequested && !run.Lost && goesOn())
        {
            if (run.HasRoom ? heart.OthersSuffice(run) && await StandBackAsync(run, goesOn, shutdown) : await IsStuckAsync(run, shutdown))
            {
                break;
            }
            else if (!run.HasRoom)
            {
                await UntilRoomAsync(run, shutdown);
            }
            else if (run.TakeNews() || !run.IsHungry || clock.GetElapsedTime(lookedAt) >= Patience)
            {
                // Who is hungry has found everything, and looks again when more comes, or after some time.
                lookedAt = clock.GetTimestamp();
                hungrySince = await TakeSomeAsync(run, size) ? clock.GetTimestamp() : hungrySince;
            }
            else if (UntilQuestion(run, askedAt) is { Ticks: > 0 } rest)
            {
                await run.Wake.WaitAsync(rest, clock, shutdown);
            }
            else if (await IsOverAsync(run, hungrySince, shutdown))
            {
                break;
            }
            else
            {
                askedAt = clock.GetTimestamp();
                await run.Wake.WaitAsync(Patience, clock, shutdown);
            }
        }

        run.IsHungry = false;
        heart.TakesNoMore(run);
        run.GiveBackInbox();
    }

    private async Task UntilRoomAsync(TicketRun run, CancellationToken shutdown)
    {
        if (run.Lease.IsOver)
        {
            heart.BeatNow();
        }

        await run.Room.WaitAsync(Patience, clock, shutdown);
    }

    /// <summary>Who is done asks at once, so that its place is free for a ticket that waits; who still runs handlers, once they take a while.</summary>
    private TimeSpan UntilQuestion(TicketRun run, long askedAt)
    {
        var next = BetweenQuestions - clock.GetElapsedTime(askedAt);
        var first = run.IsDone ? TimeSpan.Zero : AWhile - run.StandsStillFor();
        return first > next ? first : next;
    }

    /// <summary>Handlers that run for long hold all its places, and the invocation could serve a ticket that waits.</summary>
    private async Task<bool> IsStuckAsync(TicketRun run, CancellationToken shutdown) =>
        run.StandsStillFor() >= ProcessPlaces.LongTurn && await AskAsync(store.TicketsWaitAsync(Served(), shutdown));

    /// <summary>Who makes room for a ticket that this process cannot serve only stands idle.</summary>
    private TicketChoice Served() => new(places.StuckQueues(), trials.MayEnter);

    /// <summary>Waits while others of this process take all that it can do; another would only hold more, and find it among what they hold.</summary>
    /// <returns>True when a ticket waits for this place.</returns>
    private async Task<bool> StandBackAsync(TicketRun run, Func<bool> goesOn, CancellationToken shutdown)
    {
        var since = clock.GetTimestamp();
        while (heart.OthersSuffice(run) && goesOn() && !shutdown.IsCancellationRequested && !run.Lost)
        {
            // A ticket of its own queue brings no more than the others take anyway, so it has time.
            var isLong = clock.GetElapsedTime(since) >= StandsBackFor;
            if (await AskAsync(store.TicketsWaitAsync(isLong ? Served() : Served().Without(run.Ticket.QueueName), shutdown)))
            {
                return true;
            }

            since = isLong ? clock.GetTimestamp() : since;
            var asked = clock.GetTimestamp();
            while (heart.OthersSuffice(run) && !run.Lost && !shutdown.IsCancellationRequested && clock.GetElapsedTime(asked) < BetweenLooks)
            {
                await run.Wake.WaitAsync(BetweenLooks, clock, shutdown);
            }
        }

        return false;
    }

    /// <returns>False when there was nothing.</returns>
    private async Task<bool> TakeSomeAsync(TicketRun run, ClaimSize size)
    {
        run.LookAtPlaces();
        var wanted = size.Next(run.FreePlaces);

        // Of what a claim brought whose answer was lost it is not known what counts as begun: nothing does before that is written again.
        var begin = run.MayHoldMore ? 0 : run.PromiseSome(wanted);
        var enough = Math.Clamp(options.TicketConcurrency - run.Load, 1, wanted);
        var (tasks, nothingIsLeft) = await ClaimAsync(run, new ClaimOrder(wanted, enough, run.LastPlace, begin, Served(), run.Looked));
        if (tasks.Count > 0)
        {
            run.Begin(tasks, begin);
            size.Took(tasks.Count);
        }
        else
        {
            run.KeepNoPromises();
        }

        if (run.IsHungry && tasks.Count >= wanted)
        {
            // While this executor was hungry no tickets went out. More has come than it takes: now they do, for others.
            nudge.NudgeBehind(run.Ticket.QueueName);
        }

        run.IsHungry = nothingIsLeft;
        return tasks.Count > 0;
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
            nudge.NudgeBehind(run.Ticket.QueueName);
        }
        catch (Exception exception)
        {
            // The mark ends by itself in a moment, and the timer finds what came meanwhile.
            LogNoClaim(run.Ticket.Id, exception.Message);
        }
    }

    /// <summary>
    /// Nothing more is to be had here. When everything is done: at once when another executor waits for the same work, or a ticket
    /// for this place, else after lingering. While handlers run, when a ticket waits.
    /// </summary>
    private async Task<bool> IsOverAsync(TicketRun run, long hungrySince, CancellationToken shutdown) =>
        run.IsDone
            ? Elapsed(hungrySince) >= options.LingerSeconds || heart.HasAnotherThatWaits(run) || await AskAsync(store.IsNotNeededAsync(run.Ticket, Served(), shutdown))
            : await AskAsync(store.TicketsWaitAsync(Served(), shutdown));

    /// <summary>No answer is a no: who stays looks again.</summary>
    private async Task<bool> AskAsync(Task<bool> question)
    {
        try
        {
            return await question;
        }
        catch (Exception exception)
        {
            LogNoAnswer(exception.Message);
            return false;
        }
    }

    /// <summary>Not stopped by shutdown in the middle: tasks whose claim is committed and whose answer is thrown away would wait for the lease.</summary>
    private async Task<ClaimedTasks> ClaimAsync(TicketRun run, ClaimOrder order)
    {
        try
        {
            if (run.MayHoldMore)
            {
                return new(await FindMoreAsync(run), false);
            }

            // Hungry outlasts the wait, or a dispatch pass between two looks would send a ticket for nothing.
            var hungry = Patience * 1.5 + TimeSpan.FromMilliseconds(100);
            return await store.ClaimMoreAsync(run.Ticket, order, options.Lease, hungry, CancellationToken.None);
        }
        catch (Exception exception)
        {
            LogNoClaim(run.Ticket.Id, exception.Message);
            run.MayHoldMore = true;
            return new([], true);
        }
    }

    /// <summary>What a claim brought whose answer was lost. The heart keeps such tasks' lease too, so nobody else would find them.</summary>
    private async Task<IReadOnlyList<TaskRecord>> FindMoreAsync(TicketRun run)
    {
        (var tasks, run.Looked) = await store.TasksBehindAsync(run.Ticket, run.LastPlace, CancellationToken.None);
        if (tasks.Count > 0)
        {
            // The claim said that they are begun, and a death would be charged to them.
            await store.TakeBackBeginAsync(run.Ticket, run.LastPlace, tasks[^1].Place, CancellationToken.None);
        }

        run.MayHoldMore = false;
        return tasks;
    }
}
