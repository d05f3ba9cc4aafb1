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
/// does not make them.
/// </summary>
/// <exception cref="RequestFailedException">From every method, when the storage account does not answer.</exception>
internal sealed class MessageSender(IOptions<StorageOptions> options, CostMeter costs)
{
    /// <summary>Longer than the host's lease of ten minutes, so that the message of a dead host comes again; bounded, so that messages do not pile up while nothing executes.</summary>
    private static readonly TimeSpan TicketLife = TimeSpan.FromMinutes(12);
    private static readonly TimeSpan Forever = TimeSpan.FromSeconds(-1);

    /// <summary>What the storage service allows.</summary>
    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(7) - TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, QueueClient> clients = new(StringComparer.Ordinal);

    internal Task SendTicketAsync(TicketMessage message, bool urgent, CancellationToken cancellation) =>
        SendAsync(urgent ? QueueNames.Urgent : QueueNames.Tickets, message, QueueJson.Default.TicketMessage, TimeSpan.Zero, TicketLife, cancellation);

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

    private QueueClient Client(string name) => clients.GetOrAdd(
        name,
        queue =>
        {
            var counted = new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 };
            counted.AddPolicy(new CountedCalls(costs), HttpPipelinePosition.PerRetry);
            return new QueueClient(options.Value.ConnectionString, queue, counted);
        });
}
