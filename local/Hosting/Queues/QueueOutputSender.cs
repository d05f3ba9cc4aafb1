using System.Text;
using System.Text.Json;
using Azure;
using Azure.Storage.Queues;
using Millrace.Local.Hosting.Discovery;
using Millrace.Local.Hosting.Settings;

namespace Millrace.Local.Hosting.Queues;

/// <summary>
/// Sends what a function returned: text, bytes, or anything as JSON; an array of texts is one message each. Creates the
/// queue if it is missing and wakes this host's own listener on it.
/// </summary>
internal sealed class QueueOutputSender(QueueClients clients, QueueWakes wakes, QueuesSettings settings)
{
    public async Task SendAsync(QueueOutputTarget? target, object? result)
    {
        if (target is null || result is null)
        {
            return;
        }

        var queue = clients.For(target.ConnectionString, target.QueueName);
        foreach (var body in result is string[] texts ? texts.Select(Encoding.UTF8.GetBytes) : [Body(result)])
        {
            await SendAsync(queue, settings.IsBase64 ? BinaryData.FromString(Convert.ToBase64String(body)) : BinaryData.FromBytes(body));
        }

        wakes.Notify(target.ConnectionString, target.QueueName);
    }

    public void Notify(FunctionDescriptor sender, string queue)
    {
        if (sender.Trigger is QueueTriggerSource source)
        {
            wakes.Notify(source.ConnectionString, queue);
        }
    }

    private static byte[] Body(object result) => result switch
    {
        string text => Encoding.UTF8.GetBytes(text),
        byte[] bytes => bytes,
        _ => JsonSerializer.SerializeToUtf8Bytes(result, result.GetType()),
    };

    private static async Task SendAsync(QueueClient queue, BinaryData body)
    {
        try
        {
            await queue.SendMessageAsync(body);
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            await queue.CreateIfNotExistsAsync();
            await queue.SendMessageAsync(body);
        }
    }
}
