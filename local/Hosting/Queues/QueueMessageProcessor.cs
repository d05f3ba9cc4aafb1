using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Microsoft.Extensions.Logging;
using Millrace.Local.Hosting.Invocation;
using Millrace.Local.Hosting.Settings;

namespace Millrace.Local.Hosting.Queues;

/// <summary>
/// One message from delivery to its end: deleted, given back, or moved to the poison queue. Completion ignores shutdown:
/// work that was done is not done again.
/// </summary>
internal sealed partial class QueueMessageProcessor(
    CompiledFunction function,
    QueueClient queue,
    QueueClient? poisonQueue,
    FunctionPipeline pipeline,
    QueueOutputSender outputs,
    QueuesSettings settings,
    ILogger logger)
{
    private readonly TimeProvider time = pipeline.Environment.Time;

    public async Task ProcessAsync(QueueMessage message)
    {
        pipeline.Tally.Enter();
        try
        {
            if (!QueueDelivery.TryDecode(message, settings.IsBase64, out var delivery))
            {
                LogUndecodable(logger, function.Name, message.MessageId);
                await PoisonAsync(message, message.PopReceipt);
            }
            else if (PoisonRules.IsSpentBeforeCall(queue.Name, message.DequeueCount, settings.MaxDequeueCount))
            {
                await PoisonAsync(message, message.PopReceipt);
            }
            else
            {
                await RunAsync(message, delivery);
            }
        }
        catch (Exception exception)
        {
            // The message reappears when its lease ends.
            LogNotCompleted(logger, function.Name, message.MessageId, exception.Message);
        }
        finally
        {
            pipeline.Tally.Leave();
        }
    }

    /// <summary>A message received while the listener stops: visible again at once, for someone else.</summary>
    public async Task GiveBackAsync(QueueMessage message)
    {
        pipeline.Tally.Enter();
        try
        {
            await queue.UpdateMessageAsync(message.MessageId, message.PopReceipt, visibilityTimeout: TimeSpan.Zero);
        }
        catch (Exception exception)
        {
            LogNotCompleted(logger, function.Name, message.MessageId, exception.Message);
        }
        finally
        {
            pipeline.Tally.Leave();
        }
    }

    private async Task RunAsync(QueueMessage message, QueueDelivery delivery)
    {
        await using var lease = new MessageLease(queue, message, time, logger);
        var succeeded = await InvokeAsync(message, delivery);
        await lease.StopAsync();
        if (succeeded)
        {
            await CompleteAsync(() => queue.DeleteMessageAsync(message.MessageId, lease.PopReceipt));
        }
        else if (PoisonRules.IsSpentAfterFailure(queue.Name, message.DequeueCount, settings.MaxDequeueCount))
        {
            await PoisonAsync(message, lease.PopReceipt);
        }
        else
        {
            await CompleteAsync(() => queue.UpdateMessageAsync(
                message.MessageId, lease.PopReceipt, visibilityTimeout: settings.VisibilityTimeout));
        }
    }

    private async Task<bool> InvokeAsync(QueueMessage message, QueueDelivery delivery)
    {
        await using var invocation = new FunctionInvocation(function, pipeline.Environment) { Delivery = delivery };
        try
        {
            await pipeline.RunAsync(invocation);
            await outputs.SendAsync(function.Descriptor.Output, invocation.Result);
            LogExecuted(logger, function.Name, message.MessageId);
            return true;
        }
        catch (Exception exception)
        {
            LogFailed(logger, function.Name, message.MessageId, message.DequeueCount, exception);
            return false;
        }
    }

    // Same body, new id, the service's default life of seven days. Without a poison queue the message stays hidden for
    // the rest of its lease and comes again.
    private async Task PoisonAsync(QueueMessage message, string popReceipt)
    {
        if (poisonQueue is null)
        {
            return;
        }

        try
        {
            await poisonQueue.SendMessageAsync(message.Body);
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            await poisonQueue.CreateIfNotExistsAsync();
            await poisonQueue.SendMessageAsync(message.Body);
        }

        outputs.Notify(function.Descriptor, poisonQueue.Name);
        LogPoisoned(logger, function.Name, message.MessageId, poisonQueue.Name, message.DequeueCount);
        await CompleteAsync(() => queue.DeleteMessageAsync(message.MessageId, popReceipt));
    }

    private async Task CompleteAsync(Func<Task> complete)
    {
        try
        {
            await complete();
        }
        catch (RequestFailedException exception) when (QueueFailures.IsGone(exception))
        {
            LogGone(logger, function.Name, exception.ErrorCode);
        }
    }
}
