using Microsoft.Extensions.Options;
using Millrace.Store;
using Millrace.Store.Rows;

namespace Millrace.Dispatch;

/// <summary>
/// Claims due tasks into tickets and sends them. A pass serves many queues with few statements. It may run at any time, in any number of processes:
/// claims skip what others hold. What it leaves for later it leaves as a wake.
/// </summary>
public sealed class TaskDispatcher
{
    /// <summary>Tickets with suspects that a pass sends for a queue.</summary>
    private const int MostSuspects = 4;

    /// <summary>Queues that are looked at in one statement.</summary>
    internal const int QueuesAtOnce = 64;

    /// <summary>Tickets that are claimed in one transaction, which holds the locks of their tasks until it ends.</summary>
    private const int ClaimsAtOnce = 32;

    /// <summary>Where more queues than this have work, each gets one ticket: whoever works it off takes more.</summary>
    private const int FewQueues = 8;

    /// <summary>Where many queues have work, so many of a pass get a message. Whoever they wake takes the other tickets, too: a message costs as much as the tasks of a small one.</summary>
    private const int ToldOfMany = 16;

    /// <summary>A ticket that is worked off so quickly is, before another executor would have come for it.</summary>
    private const double QuickMs = 200;

    /// <summary>A pass of the timer ends when it has found no work in so many queues. The next goes on behind them.</summary>
    private const int MostInVain = 1_000;

    /// <summary>A pass of the timer goes on for so long while there is work. The next goes on behind where it ended.</summary>
    private static readonly TimeSpan LongestPass = TimeSpan.FromSeconds(10);

    /// <summary>How often somebody who waits for room looks whether there is some.</summary>
    internal static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);

    private readonly TaskStore store;
    private readonly TicketSender tickets;
    private readonly WakePlanner wakes;
    private readonly DispatchOptions options;
    private readonly TimeProvider clock;
    private Action<string, TimeSpan> askAgain = static (_, _) => { };
    private volatile string lastLooked = string.Empty;

    internal TaskDispatcher(TaskStore store, TicketSender tickets, WakePlanner wakes, IOptions<DispatchOptions> options, TimeProvider clock)
    {
        (this.store, this.tickets, this.wakes, this.clock) = (store, tickets, wakes, clock);
        this.options = options.Value;
    }

    /// <summary>Who makes passes by himself is told which queue needs another one, and when: what is due there was left to an executor for so long, which may have died.</summary>
    internal void TellWhatIsLeft(Action<string, TimeSpan> ask) => askAgain = ask;

    /// <summary>One pass over every queue, by the timer.</summary>
    public async Task DispatchAllAsync(CancellationToken cancellation)
    {
        // Noted first: while the storage account is away nothing can be sent, but the pass was made.
        await store.RecordPassAsync("dispatch", cancellation);
        await DispatchAsync(null, cancellation);
    }

    /// <summary>One pass over one queue, or over all in which something waits when <paramref name="queueName"/> is null.</summary>
    public async Task DispatchAsync(string? queueName, CancellationToken cancellation)
    {
        if (queueName is not null)
        {
            await DispatchManyAsync([queueName], cancellation);
            return;
        }

        var began = clock.GetTimestamp();
        var inVain = 0;
        var queueNames = await store.QueuesWithTasksAsync(cancellation);
        var areMany = queueNames.Count > QueuesAtOnce;
        foreach (var some in Behind(lastLooked, queueNames).Chunk(QueuesAtOnce))
        {
            if (inVain >= MostInVain || !await UntilRoomAsync(began, cancellation))
            {
                break;
            }

            inVain = await DispatchTogetherAsync([.. some.Select(name => new QueueTurn(name, areMany))], cancellation) > 0 ? 0 : inVain + some.Length;
            lastLooked = some[^1];
        }
    }

    /// <summary>One pass over these queues.</summary>
    internal Task DispatchManyAsync(IReadOnlyCollection<string> queueNames, CancellationToken cancellation) =>
        DispatchManyAsync([.. queueNames.Select(static name => new QueueTurn(name, false))], cancellation);

    /// <summary>One pass over these queues; the tickets of some give way to others.</summary>
    internal async Task DispatchManyAsync(IReadOnlyCollection<QueueTurn> queues, CancellationToken cancellation)
    {
        foreach (var some in queues.Chunk(QueuesAtOnce))
        {
            await DispatchTogetherAsync(some, cancellation);
        }
    }

    /// <summary>True while tickets of fewer queues wait than may: more of them would only be in the way of what comes later.</summary>
    internal async Task<bool> HasRoomAsync(CancellationToken cancellation)
    {
        var most = Math.Max(options.QueuedTicketsInAll - QueuesAtOnce, options.QueuedTicketsInAll / 2);
        return await store.QueuesWithTicketsAsync(most + 1, cancellation) <= most;
    }

    /// <summary>Makes sure that a heal pass runs when the next lease ends.</summary>
    internal Task WatchLeasesAsync(CancellationToken cancellation) => wakes.PlanAsync([WakeOrder.AtFirstLeaseEnd], cancellation);

    /// <summary>Those that come after a name first, so that no queue is always the last.</summary>
    private static IEnumerable<string> Behind(string name, IReadOnlyList<string> queueNames) =>
        queueNames.Where(one => string.CompareOrdinal(one, name) > 0).Concat(queueNames.Where(one => string.CompareOrdinal(one, name) <= 0));

    private async Task<bool> UntilRoomAsync(long began, CancellationToken cancellation)
    {
        while (!await HasRoomAsync(cancellation))
        {
            if (clock.GetElapsedTime(began) >= LongestPass)
            {
                return false;
            }

            await Task.Delay(BetweenLooks, clock, cancellation);
        }

        return clock.GetElapsedTime(began) < LongestPass;
    }

    /// <returns>How many tickets there are more.</returns>
    private async Task<int> DispatchTogetherAsync(QueueTurn[] queues, CancellationToken cancellation)
    {
        var work = await store.QueuesWithWorkAsync([.. queues.Select(static queue => queue.QueueName)], cancellation);
        var behind = queues.Where(static queue => queue.IsOneOfMany).Select(static queue => queue.QueueName).ToHashSet(StringComparer.Ordinal);
        var sent = await SendDueAsync(work, behind, cancellation) + await SendQuarantinedAsync(work, cancellation);
        var later = work.Where(static one => one.NextDue is not null).Select(static one => new WakeOrder(one.QueueName, WakePurpose.Dispatch, one.NextDue));
        await wakes.PlanAsync([.. later, .. sent > 0 ? (WakeOrder[])[WakeOrder.AtFirstLeaseEnd] : []], cancellation);
        foreach (var left in work.Where(static one => one is { Due: true, HungryFor: not null }))
        {
            askAgain(left.QueueName, left.HungryFor!.Value);
        }

        return sent;
    }

    private async Task<int> SendQuarantinedAsync(IReadOnlyList<QueueWork> work, CancellationToken cancellation)
    {
        var sent = 0;
        foreach (var one in work.Where(static one => one.Quarantined))
        {
            for (var suspects = 0; suspects < MostSuspects && await store.ClaimQuarantinedAsync(one.QueueName, options.QueuedLease, cancellation) is { } alone; suspects++)
            {
                await tickets.SendAsync([alone], cancellation);
                sent++;
            }
        }

        return sent;
    }

    /// <summary>In rounds of one ticket for each queue, as long as tickets are filled.</summary>
    private async Task<int> SendDueAsync(IReadOnlyList<QueueWork> work, HashSet<string> behind, CancellationToken cancellation)
    {
        var sent = 0;
        var due = work.Where(static one => one is { Due: true, HungryFor: null }).ToList();
        var orders = due.ConvertAll(one => Order(one, behind.Contains(one.QueueName)));
        var told = due.Count > FewQueues ? due.Where(IsTold).Select(static one => one.QueueName).ToHashSet(StringComparer.Ordinal) : null;
        var rounds = orders.Count > FewQueues ? 1 : options.QueuedTickets + 1;
        for (var round = 0; round < rounds && orders.Count > 0; round++)
        {
            HashSet<string> filled = new(StringComparer.Ordinal);
            foreach (var some in orders.Chunk(ClaimsAtOnce))
            {
                var claimed = await store.ClaimTicketsAsync(some, cancellation);
                await tickets.SendAsync(told is null ? claimed : WhoIsTold(claimed, told), cancellation);
                sent += claimed.Count;
                filled.UnionWith(claimed.Select(static ticket => ticket.QueueName));
            }

            orders.RemoveAll(order => !filled.Contains(order.QueueName));
        }

        return sent;
    }

    private bool IsTold(QueueWork work, int n) => n < ToldOfMany || work.MeanRunMs * options.TicketSize(work.MeanRunMs) >= QuickMs;

    /// <summary>Somebody has to come: where nobody would be told, one is.</summary>
    private static List<ClaimedTicket> WhoIsTold(IReadOnlyList<ClaimedTicket> claimed, HashSet<string> told) =>
        claimed.Where(ticket => ticket.Urgent || told.Contains(ticket.QueueName)).ToList() is { Count: > 0 } some ? some : [.. claimed.Take(1)];

    private TicketOrder Order(QueueWork work, bool standsBack) =>
        new(work.QueueName, options.TicketSize(work.MeanRunMs), new(options.MostTickets(work.MeanRunMs), options.QueuedLease, standsBack));
}
