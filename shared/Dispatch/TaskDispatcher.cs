using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Millrace.Lifecycle;
using Millrace.Queues;
using Millrace.Store;
using Millrace.Store.Rows;

namespace Millrace.Dispatch;

/// <summary>
/// Claims due tasks into tickets and sends them. A pass may run at any time, in any number of processes: claims skip what
/// others hold. It owns no state; what it leaves for later it leaves as a wake.
/// </summary>
public sealed partial class TaskDispatcher
{
    /// <summary>Tickets with suspects that a pass sends for a queue.</summary>
    private const int MostSuspects = 4;

    private readonly TaskStore store;
    private readonly MessageSender sender;
    private readonly DispatchOptions options;
    private readonly ILogger<TaskDispatcher> log;

    internal TaskDispatcher(TaskStore store, MessageSender sender, IOptions<DispatchOptions> options, ILogger<TaskDispatcher> log)
    {
        this.store = store;
        this.sender = sender;
        this.options = options.Value;
        this.log = log;
    }

    /// <summary>One pass over every queue, by the timer.</summary>
    public async Task DispatchAllAsync(CancellationToken cancellation)
    {
        // Noted first: while the storage account is away nothing can be sent, but the pass was made.
        await store.RecordPassAsync("dispatch", cancellation);
        await DispatchAsync(null, cancellation);
    }

    /// <summary>One pass over one queue, or over all when <paramref name="queueName"/> is null.</summary>
    public async Task DispatchAsync(string? queueName, CancellationToken cancellation)
    {
        var sent = 0;
        foreach (var work in await store.QueuesWithWorkAsync(queueName, cancellation))
        {
            sent += await DispatchQueueAsync(work, cancellation);
            if (work.NextDue is { } due)
            {
                await WakeAsync(work.QueueName, WakePurpose.Dispatch, due, cancellation);
            }
        }

        if (sent > 0)
        {
            await WatchLeasesAsync(queueName, cancellation);
        }
    }

    /// <summary>Claims the next suspect of the queue, for an executor that has just worked one off: no message is sent.</summary>
    internal Task<ClaimedTicket?> ClaimQuarantinedAsync(string queueName, CancellationToken cancellation) =>
        store.ClaimQuarantinedAsync(queueName, options.QueuedLease, cancellation);

    /// <summary>Makes sure that a heal pass runs when the next lease ends.</summary>
    internal async Task WatchLeasesAsync(string? queueName, CancellationToken cancellation)
    {
        foreach (var (queue, end) in await store.NextLeaseEndsAsync(queueName, cancellation))
        {
            await WakeAsync(queue, WakePurpose.Heal, end, cancellation);
        }
    }

    private async Task<int> DispatchQueueAsync(QueueWork work, CancellationToken cancellation)
    {
        var sent = 0;
        while (work.Quarantined && sent < MostSuspects && await ClaimQuarantinedAsync(work.QueueName, cancellation) is { } alone)
        {
            await SendAsync(alone, cancellation);
            sent++;
        }

        var size = options.TicketSize(work.MeanRunMs);
        var limits = new DispatchLimits(options.MostTickets(work.MeanRunMs), options.QueuedLease);
        for (var tickets = 0; work.Due && tickets <= limits.QueuedTickets
            && await store.ClaimTicketAsync(work.QueueName, size, limits, cancellation) is { } ticket; tickets++)
        {
            await SendAsync(ticket, cancellation);
            sent++;
        }

        return sent;
    }

    private async Task SendAsync(ClaimedTicket ticket, CancellationToken cancellation)
    {
        // Checkpoint 2: the ticket is written, its message is not sent. Its lease ends and the tasks go back.
        CrashCheckpoints.Pass(2);
        await sender.SendTicketAsync(new(ticket.Id.Value, ticket.QueueName, Activity.Current?.Id), ticket.Urgent, cancellation);

        // Checkpoint 3: the message is sent, no wake is planned. The heal timer comes by itself.
        CrashCheckpoints.Pass(3);
        LogSent(ticket.Id, ticket.Tasks, ticket.QueueName);
    }

    private async Task WakeAsync(string queueName, WakePurpose purpose, DateTimeOffset due, CancellationToken cancellation)
    {
        if (await store.PlanWakeAsync(queueName, purpose, due, cancellation) is { } delay)
        {
            // Checkpoint 4: the wake is remembered, its message is not sent. The row grows old and is planned anew.
            CrashCheckpoints.Pass(4);
            await sender.SendWakeAsync(new(queueName, purpose), delay, cancellation);
        }
    }
}
