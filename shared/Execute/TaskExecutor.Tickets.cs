using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;

namespace Millrace.Execute;

public sealed partial class TaskExecutor
{
    /// <summary>
    /// The ticket that waits longest, of a queue that has a place here; only the pipeline's own queue has, while all places are taken by handlers that run for long.
    /// One that holds a suspect only while no other suspect is on trial.
    /// </summary>
    private Task<TakenTicket> AdoptAsync()
    {
        var only = places.AreStuckForOthers ? TaskNames.OwnQueue : null;
        return TakeAsync(order => store.AdoptTicketAsync(order, places.StuckQueues(), places.ServedQueues(), only, CancellationToken.None), 1, null);
    }

    /// <summary>Half of the free places is promised to it: others may start at the same time, and it may hold one task only.</summary>
    private async Task<TakenTicket> StartAsync(TicketId ticket, string queueName)
    {
        var own = NewPlaces(queueName);
        var begin = own.Promise(Math.Min(TaskStore.BeginAtOnce, (own.Free + 1) / 2));
        var taken = TakenTicket.None;
        try
        {
            taken = await TakeAsync(order => store.StartTicketAsync(ticket, order, CancellationToken.None), begin, own);

            // A message of another database, or of another day, may name another queue than the ticket's. Its places are not this ticket's.
            return taken.IsNone || taken.Tasks[0].QueueName == queueName ? taken : taken with { Places = null };
        }
        finally
        {
            own.KeepPromises(taken.IsNone || taken.Tasks[0].QueueName != queueName ? 0 : Math.Min(begin, taken.Tasks.Count));
        }
    }

    private HandlerPlaces NewPlaces(string queueName) => new(places, queueName, options.TicketConcurrency);

    /// <summary>A start whose answer was lost is repeated while its lease lasts: otherwise its tasks would wait for the end of the lease.</summary>
    private async Task<TakenTicket> TakeAsync(Func<StartOrder, Task<IReadOnlyList<TaskRecord>>> take, int begin, HandlerPlaces? promised)
    {
        var mayTry = trials.TryEnter();
        var taken = TakenTicket.None;
        try
        {
            var key = Guid.CreateVersion7(clock.GetUtcNow());
            var order = new StartOrder(identity.Id, options.Lease, key, begin, mayTry);
            taken = await retry.RepeatAsync(
                async () =>
                {
                    var before = TicketLease.Now(clock);
                    return new TakenTicket(await take(order), before, begin, promised);
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
}
