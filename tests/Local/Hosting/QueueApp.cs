using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Microsoft.Azure.Functions.Worker;
using Millrace.Tests.Support;

namespace Millrace.Tests.Local.Hosting;

/// <summary>A host on a queue of its own, and that queue.</summary>
internal sealed class QueueApp(AzuriteFixture azurite) : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    public string Name { get; init; } = AzuriteFixture.UniqueName("work");

    public Gate Gate { get; } = new();

    public TestHost Host { get; } = new();

    public QueueClient Queue => azurite.Queue(Name);

    public QueueClient Poison => azurite.RawQueue(Name + "-poison");

    public async Task<QueueApp> StartAsync(Type function, string queues = "", bool createQueue = true, Action<IFunctionsWorkerApplicationBuilder>? configure = null)
    {
        Host.Settings["AzureWebJobsStorage"] = azurite.ConnectionString;
        Host.Settings["QueueName"] = Name;
        Host.Settings["OutputName"] = Name + "-out";
        Host.HostJson = $$"""{ "version": "2.0", "extensions": { "queues": { "maxPollingInterval": "00:00:00.2", "maxDequeueCount": 2 {{queues}} } } }""";
        Host.Configure = (app, _) => (configure ?? Gate.Register)(app);
        if (createQueue)
        {
            await Queue.CreateIfNotExistsAsync(cancellationToken: TestContext.Current.CancellationToken);
        }

        await Host.StartAsync(function);
        return this;
    }

    public Task SendAsync(string text) => Queue.SendMessageAsync(text, TestContext.Current.CancellationToken);

    /// <summary>Receives until a message is there.</summary>
    public static async Task<QueueMessage> ReceiveAsync(QueueClient queue)
    {
        using var timeout = new CancellationTokenSource(Timeout);
        while (true)
        {
            if ((await queue.ExistsAsync(timeout.Token)).Value
                && (await queue.ReceiveMessageAsync(TimeSpan.FromMinutes(1), timeout.Token)).Value is { } message)
            {
                return message;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, timeout.Token);
        }
    }

    /// <summary>Waits until the queue holds nothing, visible or not.</summary>
    public async Task WaitUntilEmptyAsync()
    {
        using var timeout = new CancellationTokenSource(Timeout);
        while ((await Queue.GetPropertiesAsync(timeout.Token)).Value.ApproximateMessagesCountLong > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, timeout.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Gate.Open();
        await Host.DisposeAsync();
    }
}
