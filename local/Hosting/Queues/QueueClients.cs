using System.Collections.Concurrent;
using Azure.Core;
using Azure.Storage.Queues;

namespace Millrace.Local.Hosting.Queues;

/// <summary>One client per queue, for raw message text: the host encodes and decodes by itself.</summary>
internal sealed class QueueClients
{
    private readonly ConcurrentDictionary<(string Connection, string Queue), QueueClient> clients = [];

    public QueueClient For(string connectionString, string queue) =>
        clients.GetOrAdd((connectionString, queue), static key => new QueueClient(key.Connection, key.Queue, Options()));

    // The newest service version that Azurite knows; Azure knows it too.
    private static QueueClientOptions Options() => new(QueueClientOptions.ServiceVersion.V2026_06_06)
    {
        MessageEncoding = QueueMessageEncoding.None,
        Retry = { MaxRetries = 2, Mode = RetryMode.Exponential, Delay = TimeSpan.FromMilliseconds(200), NetworkTimeout = TimeSpan.FromSeconds(30) },
        Diagnostics = { IsLoggingEnabled = false, IsDistributedTracingEnabled = false },
    };
}
