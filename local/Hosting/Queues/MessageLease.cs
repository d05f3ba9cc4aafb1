using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Microsoft.Extensions.Logging;

namespace Millrace.Local.Hosting.Queues;

/// <summary>
/// Keeps one message hidden while its function runs: ten minutes at a time, renewed at half of that. Losing the lease
/// ends the renewal, not the function.
/// </summary>
internal sealed partial class MessageLease : IAsyncDisposable
{
    /// <summary>A constant of the real host; visibilityTimeout is something else.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource stop = new();
    private readonly QueueClient queue;
    private readonly string messageId;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly Task renewal;

    public MessageLease(QueueClient queue, QueueMessage message, TimeProvider time, ILogger logger)
    {
        (this.queue, messageId, this.time, this.logger) = (queue, message.MessageId, time, logger);
        PopReceipt = message.PopReceipt;
        renewal = RenewAsync();
    }

    /// <summary>The newest receipt. Read it after <see cref="StopAsync"/>.</summary>
    public string PopReceipt { get; private set; }

    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await renewal;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stop.Dispose();
    }

    private async Task RenewAsync()
    {
        var delay = Length / 2;
        try
        {
            while (true)
            {
                await Task.Delay(delay, time, stop.Token);
                try
                {
                    // Not cancelled by the stop: a receipt that was renewed but not received would be lost.
                    var renewed = await queue.UpdateMessageAsync(messageId, PopReceipt, visibilityTimeout: Length);
                    PopReceipt = renewed.Value.PopReceipt;
                    delay = Length / 2;
                    LogRenewed(logger, messageId);
                }
                catch (RequestFailedException exception) when (exception.Status is 404 or 409 || QueueFailures.IsLostReceipt(exception))
                {
                    LogLost(logger, messageId, exception.ErrorCode);
                    return;
                }
                catch (Exception exception)
                {
                    delay = delay / 2 > Shortest ? delay / 2 : Shortest;
                    LogNotRenewed(logger, messageId, delay, exception.Message);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The function is done.
        }
    }
}
