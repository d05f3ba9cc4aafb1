using System.Globalization;
using Azure.Storage.Queues;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Millrace.Dispatch;
using Millrace.Execute;
using Millrace.Hosting;
using Millrace.Queues;

namespace Millrace.Benchmarks.Load;

/// <summary>
/// Many instances of the pipeline in this process: each with its own connections, identity and heart. Only the Functions host is left out:
/// one loop dispatches, and one takes messages from the storage queue and gives each to the next instance.
/// </summary>
internal sealed class Instances : IAsyncDisposable
{
    private static readonly TimeSpan Hidden = TimeSpan.FromMinutes(5);

    private readonly ServiceProvider[] instances;
    private readonly QueueClient tickets;
    private readonly QueueClient urgent;

    internal Instances(int count, string postgres, string storage)
    {
        var settings = new Dictionary<string, string?>
        {
            ["MILLRACE_POSTGRES"] = postgres,
            ["AzureWebJobsStorage"] = storage,
            ["Millrace:Store:Prepare"] = "false",
            ["Millrace:Store:Migrate"] = "false",
            ["Millrace:Store:PoolSize"] = "4",
        };
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        instances = [.. Enumerable.Range(0, count).Select(_ => new ServiceCollection()
            .AddLogging(static logging => logging.SetMinimumLevel(LogLevel.Error)).AddMillrace(configuration).BuildServiceProvider())];
        tickets = new QueueClient(storage, QueueNames.Tickets);
        urgent = new QueueClient(storage, QueueNames.Urgent);
    }

    /// <summary>Until it is cancelled; then every instance gives its work back.</summary>
    internal Task RunAsync(CancellationToken stop) => Task.WhenAll(DispatchAsync(stop), ReceiveAsync(tickets, stop), ReceiveAsync(urgent, stop));

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in instances)
        {
            await instance.DisposeAsync();
        }
    }

    private async Task DispatchAsync(CancellationToken stop)
    {
        for (var n = 0; !stop.IsCancellationRequested; n++)
        {
            try
            {
                await instances[n % instances.Length].GetRequiredService<TaskDispatcher>().DispatchAllAsync(stop);
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task ReceiveAsync(QueueClient queue, CancellationToken stop)
    {
        List<Task> running = [];
        try
        {
            for (var n = 0; ;)
            {
                var messages = (await queue.ReceiveMessagesAsync(32, Hidden, stop)).Value;
                foreach (var message in messages)
                {
                    running.Add(ExecuteAsync(instances[n++ % instances.Length], queue, message.MessageId, message.PopReceipt, message.Body.ToString(), stop));
                }

                if (messages.Length == 0)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, stop);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Task.WhenAll(running);
        }
    }

    private static async Task ExecuteAsync(ServiceProvider instance, QueueClient queue, string id, string receipt, string body, CancellationToken stop)
    {
        await instance.GetRequiredService<TaskExecutor>().ExecuteAsync(Encoded.Read(body), stop);
        await queue.DeleteMessageAsync(id, receipt, CancellationToken.None);
    }

    private static class Encoded
    {
        internal static string Read(string base64) => System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(base64));
    }
}
