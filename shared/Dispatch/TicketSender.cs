using System.Collections.Concurrent;
using System.Diagnostics;
using Azure;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Millrace.Lifecycle;
using Millrace.Queues;
using Millrace.Redis;
using Millrace.Store.Rows;

namespace Millrace.Dispatch;

/// <summary>
/// Sends the messages of tickets, several at a time. A message that could not be sent is sent again once the storage account answers, as long as its
/// ticket may wait for it; nobody waits for that. Lost with the process it costs time, not work: the ticket is adopted, or its lease ends.
/// </summary>
internal sealed partial class TicketSender : IAsyncDisposable
{
    /// <summary>More than these are not kept: once the first of them are sent, executors are awake and adopt the others.</summary>
    private const int MostUnsent = 256;

    private readonly ConcurrentQueue<(ClaimedTicket Ticket, long Since)> unsent = new();
    private readonly CancellationTokenSource stop = new();
    private readonly MessageSender sender;
    private readonly DispatchOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger<TicketSender> log;
    private readonly PacedWork again;

    public TicketSender(MessageSender sender, IOptions<DispatchOptions> options, TimeProvider clock, ILogger<TicketSender> log)
    {
        (this.sender, this.options, this.clock, this.log) = (sender, options.Value, clock, log);
        again = new(SendAgainAsync, MessageSender.Away, clock, stop.Token);
    }

    /// <summary>Returns once the messages are sent or have failed, which takes no longer than one of them may.</summary>
    internal async Task SendAsync(IReadOnlyCollection<ClaimedTicket> tickets, CancellationToken cancellation)
    {
        var since = clock.GetTimestamp();
        var failures = await Task.WhenAll(tickets.Select(ticket => TrySendAsync(ticket, since, cancellation)));
        if (failures.OfType<Exception>().FirstOrDefault() is { } failure)
        {
            LogNotSent(failures.Count(static one => one is not null), failure.Message);
            again.Ask();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await again.Current;
        stop.Dispose();
    }

    private async Task<Exception?> TrySendAsync(ClaimedTicket ticket, long since, CancellationToken cancellation)
    {
        // Checkpoint 2: the ticket is written, its message is not sent. Its lease ends and the tasks go back.
        CrashCheckpoints.Pass(2);
        try
        {
            await sender.SendTicketAsync(new(ticket.Id.Value, ticket.QueueName, Activity.Current?.Id), ticket.Urgent, cancellation);
        }
        catch (Exception exception) when (exception is RequestFailedException or TimeoutException)
        {
            if (unsent.Count < MostUnsent)
            {
                unsent.Enqueue((ticket, since));
            }

            return exception;
        }

        // Checkpoint 3: the message is sent, no wake is planned. The heal timer comes by itself.
        CrashCheckpoints.Pass(3);
        LogSent(ticket.Id, ticket.Tasks, ticket.QueueName);
        return null;
    }

    /// <summary>Some at a time: the first tells whether the storage account answers.</summary>
    private async Task SendAgainAsync()
    {
        await Task.Delay(MessageSender.Away, clock, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!stop.IsCancellationRequested && unsent.TryDequeue(out var one))
        {
            if (clock.GetElapsedTime(one.Since) >= options.QueuedLease)
            {
                continue;
            }

            try
            {
                if (await TrySendAsync(one.Ticket, one.Since, stop.Token) is not null)
                {
                    again.Ask();
                    return;
                }
            }
            catch (OperationCanceledException)
            {
                // The process ends; the ticket is adopted, or its lease ends.
            }
        }
    }

    [LoggerMessage(2000, LogLevel.Debug, "Ticket {Ticket} with {Tasks} tasks of queue {Queue} is sent")]
    private partial void LogSent(TicketId ticket, int tasks, string queue);

    [LoggerMessage(2002, LogLevel.Warning, "The messages of {Count} tickets were not sent; they are tried again while the tickets wait: {Reason}")]
    private partial void LogNotSent(int count, string reason);
}
