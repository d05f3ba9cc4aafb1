using Millrace.Redis;
using Millrace.Store;
using Millrace.Store.Rows;

namespace Millrace.Execute;

public sealed partial class TaskExecutor
{
    private TimeSpan Patience => TimeSpan.FromSeconds(redis.Current is null ? options.PollSeconds : Math.Max(options.PollSeconds, 1));

    /// <summary>Takes more work of the queue as room comes free, and waits a little for it when there is none.</summary>
    private async Task TakeMoreAsync(TicketRun run, Func<bool> goesOn, CancellationToken shutdown)
    {
        using var listening = signal.Listen(RedisKeys.WorkTopic(run.Ticket.QueueName), run.Wake.Set);
        var hungrySince = clock.GetTimestamp();
        var isHungry = false;
        var size = new ClaimSize(options, clock);
        while (!shutdown.IsCancellationRequested && !run.Lost && goesOn())
        {
            if (!run.HasRoom)
            {
                await run.Room.WaitAsync(Patience, clock, shutdown);
                continue;
            }

            var wanted = size.Next();
            var begin = run.MayHoldMore ? TaskStore.BeginAtOnce : run.BeginAtOnce;
            var tasks = await ClaimAsync(run, wanted, begin);
            if (tasks.Count > 0)
            {
                run.Begin(tasks, begin);
                size.Took(tasks.Count);
                hungrySince = clock.GetTimestamp();
                if (isHungry && tasks.Count >= wanted)
                {
                    // While this executor was hungry no tickets went out. More has come than it takes: now they do, for others.
                    nudge.Nudge(run.Ticket.QueueName);
                }

                isHungry = false;
            }
            else if (await IsOverAsync(run, hungrySince, shutdown))
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

    /// <summary>
    /// Nothing more is to be had here. When everything is done: returns at once when a ticket waits for this place, else after
    /// lingering. While handlers run: after a second, when a ticket waits.
    /// </summary>
    private async Task<bool> IsOverAsync(TicketRun run, long hungrySince, CancellationToken shutdown)
    {
        var hungry = clock.GetElapsedTime(hungrySince);
        if (!run.IsDone && hungry < LookForTickets)
        {
            return false;
        }

        var lingered = run.IsDone && hungry.TotalSeconds >= options.LingerSeconds;
        try
        {
            return lingered || await store.TicketsWaitAsync(shutdown);
        }
        catch (Exception exception) when (exception is Npgsql.NpgsqlException or OperationCanceledException)
        {
            return lingered;
        }
    }

    /// <summary>Not stopped by shutdown in the middle: tasks whose claim is committed and whose answer is thrown away would wait for the lease.</summary>
    private async Task<IReadOnlyList<TaskRecord>> ClaimAsync(TicketRun run, int size, int begin)
    {
        try
        {
            if (run.MayHoldMore)
            {
                return await FindMoreAsync(run);
            }

            // Hungry outlasts the wait, or a dispatch pass between two looks would send a ticket for nothing.
            var hungry = Patience * 2 + TimeSpan.FromMilliseconds(200);
            var order = new ClaimOrder(size, options.Concurrency - run.Load, run.LastPlace, begin);
            return await store.ClaimMoreAsync(run.Ticket, order, options.Lease, hungry, CancellationToken.None);
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
}
