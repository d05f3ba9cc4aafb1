using System.Collections.Concurrent;
using System.Threading.Channels;
using StackExchange.Redis;

namespace Millrace.Redis;

/// <summary>
/// Tells hot executors that a queue has new due work, across processes, through Redis. A signal may be lost; who listens
/// also polls.
/// </summary>
internal sealed class WorkSignal(RedisLink link)
{
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<object, ChannelWriter<bool>>> listeners = new(StringComparer.Ordinal);
    private int subscribed;

    internal void Publish(string queueName)
    {
        if (link.Current is { } redis)
        {
            redis.GetSubscriber().Publish(RedisChannel.Literal(RedisKeys.WorkChannel), queueName, CommandFlags.FireAndForget);
        }
    }

    /// <summary>A listener for one queue; dispose it to stop.</summary>
    internal WorkListener Listen(string queueName)
    {
        _ = SubscribeOnceAsync();
        var signals = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        var key = new object();
        var ofQueue = listeners.GetOrAdd(queueName, static _ => new());
        ofQueue[key] = signals.Writer;
        return new WorkListener(signals.Reader, () => ofQueue.TryRemove(key, out _));
    }

    private async Task SubscribeOnceAsync()
    {
        if (Interlocked.Exchange(ref subscribed, 1) == 1 || await link.WhenCreatedAsync() is not { } redis)
        {
            return;
        }

        try
        {
            await redis.GetSubscriber().SubscribeAsync(RedisChannel.Literal(RedisKeys.WorkChannel), (_, queue) => Signal(queue.ToString()));
        }
        catch (RedisException)
        {
            // Redis is away: the next listener tries again.
            Volatile.Write(ref subscribed, 0);
        }
    }

    private void Signal(string queueName)
    {
        if (listeners.TryGetValue(queueName, out var ofQueue))
        {
            foreach (var writer in ofQueue.Values)
            {
                writer.TryWrite(true);
            }
        }
    }
}
