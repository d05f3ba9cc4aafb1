using System.Globalization;
using System.Text;
using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Millrace.Queues;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Faults;

/// <summary>What is done to the messages of the pipeline, straight in the storage account.</summary>
internal sealed class MessageFaults(World world)
{
    private const int AtOnce = 32;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PauseOfShuffle = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Hidden = TimeSpan.FromSeconds(20);

    private readonly QueueClient[] queues =
        [.. ((string[])[QueueNames.Tickets, QueueNames.Urgent, QueueNames.Wakes]).Select(name => new QueueClient(world.Servers.Storage, name))];

    /// <summary>Does it to whatever message is there, ten times a second; a shuffle fifty times.</summary>
    /// <returns>How many messages were met, or made.</returns>
    internal async Task<int> MeddleAsync(Mischief mischief, double seconds, CancellationToken cancellation)
    {
        var began = TimeProvider.System.GetTimestamp();
        var met = 0;
        while (TimeProvider.System.GetElapsedTime(began).TotalSeconds < seconds)
        {
            foreach (var queue in queues)
            {
                met += await MeddleAsync(queue, mischief, cancellation);
            }

            await Task.Delay(mischief == Mischief.Shuffle ? PauseOfShuffle : Pause, TimeProvider.System, cancellation);
        }

        return met;
    }

    private static async Task<int> MeddleAsync(QueueClient queue, Mischief mischief, CancellationToken cancellation)
    {
        if (mischief == Mischief.Invent)
        {
            await InventAsync(queue, cancellation);
            return 1;
        }

        QueueMessage[] messages = await queue.ReceiveMessagesAsync(AtOnce, Hidden, cancellation);
        if (mischief == Mischief.Shuffle)
        {
            Random.Shared.Shuffle(messages);
        }

        foreach (var message in messages)
        {
            foreach (var text in Instead(mischief, message.Body.ToString()))
            {
                await queue.SendMessageAsync(text, cancellation);
            }

            // A delayed one stays hidden for as long as it was received for.
            if (mischief != Mischief.Delay)
            {
                await DeleteAsync(queue, message, cancellation);
            }
        }

        return mischief == Mischief.Shuffle && messages.Length < 2 ? 0 : messages.Length;
    }

    /// <summary>What lies in the queue instead of the message.</summary>
    private static string[] Instead(Mischief mischief, string text) => mischief switch
    {
        Mischief.Lose or Mischief.Delay or Mischief.Invent => [],
        Mischief.Double => [text, text],
        Mischief.Shuffle => [text],
        Mischief.Garble => [text[..(text.Length / 2)], Garbled(text)],
    };

    private static string Garbled(string base64)
    {
        var bytes = Encoding.UTF8.GetBytes(base64);
        Random.Shared.NextBytes(bytes.AsSpan(bytes.Length / 2));
        return Convert.ToBase64String(bytes);
    }

    /// <summary>Messages of tickets that never were, of queues that are not, and of nothing at all.</summary>
    private static async Task InventAsync(QueueClient queue, CancellationToken cancellation)
    {
        string[] texts =
        [
            string.Create(CultureInfo.InvariantCulture, $$"""{"ticket_id": {{Random.Shared.Next(1, 1_000_000)}}, "queue_name": "slow", "traceparent": null}"""),
            """{"ticket_id": -1, "queue_name": "no\u0000where", "traceparent": "x"}""",
            """{"queue_name": "slow", "purpose": "dispatch"}""",
            """{"queue_name": "slow", "purpose": "heal"}""",
            """{"queue_name": "no\u0000where", "purpose": "dispatch"}""",
            """{"queue_name": 7, "purpose": 7}""",
            "nothing",
            "",
        ];
        await queue.SendMessageAsync(Convert.ToBase64String(Encoding.UTF8.GetBytes(texts[Random.Shared.Next(texts.Length)])), cancellation);
    }

    private static async Task DeleteAsync(QueueClient queue, QueueMessage message, CancellationToken cancellation)
    {
        try
        {
            await queue.DeleteMessageAsync(message.MessageId, message.PopReceipt, cancellation);
        }
        catch (RequestFailedException gone) when (gone.Status == 404)
        {
            // Somebody else was quicker.
        }
    }
}
