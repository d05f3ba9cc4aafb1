using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Microsoft.Extensions.Logging;
using Millrace.Local.Hosting.Discovery;
using Millrace.Local.Hosting.Settings;

namespace Millrace.Local.Hosting.Queues;

/// <summary>
/// Polls one queue for one function, as the real listener does: no long poll, batches started without waiting, the next
/// poll at once while there is room. It never creates the queue. Where the real host shuts down on a storage error, this
/// one says so and backs off. Poison queues are polled less often than the settings may ask for.
/// </summary>
internal sealed partial class QueueListener(
    QueueTriggerSource source,
    QueueClient queue,
    QueueMessageProcessor processor,
    QueueWakes wakes,
    QueuesSettings settings,
    TimeProvider time,
    ILogger logger)
    : IListener
{
    private readonly PollBackoff backoff = new(PoisonRules.LongestPause(source.QueueName, settings.MaxPollingInterval), Random.Shared.NextDouble);
    private readonly InFlightMessages inFlight = new();
    private bool isKnownToExist;
    private bool isAway;

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var wake = wakes.Next(source.ConnectionString, source.QueueName);
                if (await PollAsync(stop) == 0)
                {
                    await Task.WhenAny(wake, Task.Delay(backoff.Next(), time, stop));
                    continue;
                }

                backoff.FoundMessages();
                await inFlight.WaitUntilAtMostAsync(settings.NewBatchThreshold, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>The number of messages started; 0 also when the queue or its server is away.</summary>
    private async Task<int> PollAsync(CancellationToken stop)
    {
        try
        {
            if (!isKnownToExist && !(await queue.ExistsAsync(stop)).Value)
            {
                return 0;
            }

            isKnownToExist = true;

            // Not cancelled by the stop: messages leased but not received would be hidden for ten minutes.
            var messages = (await queue.ReceiveMessagesAsync(settings.BatchSize, MessageLease.Length, CancellationToken.None)).Value;
            SayItIsBack();
            foreach (var message in messages)
            {
                Start(message, stop);
            }

            return messages.Length;
        }
        catch (Exception exception) when (!stop.IsCancellationRequested)
        {
            isKnownToExist = false;
            SayItIsAway(exception);
            return 0;
        }
    }

    private void Start(QueueMessage message, CancellationToken stop)
    {
        inFlight.Enter();
        _ = RunToEndAsync();

        async Task RunToEndAsync()
        {
            try
            {
                await (stop.IsCancellationRequested ? processor.GiveBackAsync(message) : processor.ProcessAsync(message));
            }
            finally
            {
                inFlight.Leave();
            }
        }
    }

    // Once per outage, not once per poll. A missing queue is not worth a word: it is created by its first sender.
    private void SayItIsAway(Exception exception)
    {
        if (!isAway && exception is not RequestFailedException { Status: 404 })
        {
            isAway = true;
            LogAway(logger, source.QueueName, exception.Message);
        }
    }

    private void SayItIsBack()
    {
        if (isAway)
        {
            isAway = false;
            LogBack(logger, source.QueueName);
        }
    }
}
