using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Azure;
using Azure.Core;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Microsoft.Extensions.Options;
using Millrace.Store;

namespace Millrace.Queues;

/// <summary>
/// Sends tickets and wakes. Text is base64, as the Functions host expects. Queues are made when one is missing: the host
/// does not make them. A few requests are under way at a time, and none for long: whoever sends must not wait for a storage account that is away.
/// </summary>
/// <exception cref="RequestFailedException">From every method, when the storage account refuses.</exception>
/// <exception cref="TimeoutException">From every send, when the storage account does not answer in time.</exception>
internal sealed class MessageSender(IOptions<StorageOptions> options, CostMeter costs, TimeProvider clock) : IDisposable
{
    /// <summary>More than a storage account of a laptop works off at the same time, and far fewer than a host has sockets.</summary>
    internal const int MostAtOnce = 16;

    /// <summary>Repeats included. A ticket waits for its message no longer: whoever executes adopts it, or its lease ends.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromSeconds(4);

    /// <summary>For so long after a send without an answer the others fail at once.</summary>
    internal static readonly TimeSpan Away = TimeSpan.FromSeconds(1);

    /// <summary>Longer than the host's lease of ten minutes, so that the message of a dead host comes again; bounded, so that messages do not pile up while nothing executes.</summary>
    private static readonly TimeSpan TicketLife = TimeSpan.FromMinutes(12);
    private static readonly TimeSpan Forever = TimeSpan.FromSeconds(-1);

    /// <summary>What the storage service allows.</summary>
    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(7) - TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, QueueClient> clients = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim places = new(MostAtOnce);
    private long awayUntil = long.MinValue;

    internal Task SendTicketAsync(TicketMessage message, bool urgent, CancellationToken cancellation) =>
        SendAsync(urgent ? QueueNames.Urgent : QueueNames.Tickets, message, QueueJson.Default.TicketMessage, TimeSpan.Zero, TicketLife, cancellation);

    public void Dispose() => places.Dispose();

    /// <summary>A delay over seven days is cut: the wake then comes early, finds nothing due, and plans the next.</summary>
    internal Task SendWakeAsync(WakeMessage message, TimeSpan delay, CancellationToken cancellation) =>
        SendAsync(QueueNames.Wakes, message, QueueJson.Default.WakeMessage, delay < LongestDelay ? delay : LongestDelay, Forever, cancellation);

    /// <summary>Makes every queue that is missing, so that the triggers find theirs.</summary>
    internal async Task CreateQueuesAsync(CancellationToken cancellation)
    {
        foreach (var name in QueueNames.All)
        {
            await Client(name).CreateIfNotExistsAsync(cancellationToken: cancellation);
        }
    }

    /// <summary>How many messages each queue holds, near enough; null for one that is missing.</summary>
    internal Task<(string Queue, long? Messages)[]> CountAsync(CancellationToken cancellation) =>
        Task.WhenAll(QueueNames.All.Select(name => CountAsync(name, cancellation)));

    private async Task<(string Queue, long? Messages)> CountAsync(string queue, CancellationToken cancellation)
    {
        try
        {
            QueueProperties properties = await Client(queue).GetPropertiesAsync(cancellation);
            return (queue, properties.ApproximateMessagesCount);
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            return (queue, null);
        }
    }

    private async Task SendAsync<T>(
        string queue, T message, JsonTypeInfo<T> format, TimeSpan delay, TimeSpan life, CancellationToken cancellation)
    {
        var body = new BinaryData(JsonSerializer.SerializeToUtf8Bytes(message, format));
        if (!await places.WaitAsync(Longest, cancellation))
        {
            throw new TimeoutException($"{MostAtOnce} requests to the storage account have been under way for {Longest.TotalSeconds} s; this one was not made.");
        }

        using var limit = new CancellationTokenSource(Longest, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            ThrowIfAway();
            await SendAsync(queue, body, delay, life, either.Token);
        }
        catch (Exception exception) when (IsNoAnswer(exception) && !cancellation.IsCancellationRequested)
        {
            Volatile.Write(ref awayUntil, clock.GetTimestamp() + (long)(Away.TotalSeconds * clock.TimestampFrequency));
            throw new TimeoutException("The storage account does not answer. Start it, or set AzureWebJobsStorage to one that answers.", exception);
        }
        finally
        {
            places.Release();
        }
    }

    /// <summary>An error with a status is an answer.</summary>
    private static bool IsNoAnswer(Exception exception) => exception is OperationCanceledException or AggregateException or RequestFailedException { Status: 0 };

    private async Task SendAsync(string queue, BinaryData body, TimeSpan delay, TimeSpan life, CancellationToken cancellation)
    {
        try
        {
            await Client(queue).SendMessageAsync(body, delay, life, cancellation);
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            await CreateQueuesAsync(cancellation);
            await Client(queue).SendMessageAsync(body, delay, life, cancellation);
        }
    }

    /// <summary>A pass has many messages, and each would wait in vain for as long as the first.</summary>
    private void ThrowIfAway()
    {
        if (clock.GetTimestamp() < Volatile.Read(ref awayUntil))
        {
            throw new TimeoutException($"The storage account did not answer a moment ago; it is tried again within {Away.TotalSeconds} s.");
        }
    }

    private QueueClient Client(string name) => clients.GetOrAdd(
        name,
        queue =>
        {
            var counted = new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 };
            (counted.Retry.MaxRetries, counted.Retry.Delay) = (2, TimeSpan.FromMilliseconds(200));
            counted.AddPolicy(new CountedCalls(costs), HttpPipelinePosition.PerRetry);
            return new QueueClient(options.Value.ConnectionString, queue, counted);
        });
}
