using System.Collections.Concurrent;
using StackExchange.Redis;

namespace Millrace.Redis;

/// <summary>
/// Tells hot executors that a queue has new due work, across processes, through Redis. A signal may be lost; who listens
/// also polls.
/// </summary>
internal sealed class WorkSignal(RedisLink link)
{
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<Listener, Action>> listeners = new(StringComparer.Ordinal);
    private int subscribed;

    internal void Publish(string queueName)
    {
        if (link.Current is { } redis)
        {
            redis.GetSubscriber().Publish(RedisChannel.Literal(RedisKeys.WorkChannel), queueName, CommandFlags.FireAndForget);
        }
    }

    /// <summary>Calls <paramref name="onWork"/> at each signal for the queue, on a thread of Redis, until disposed.</summary>
    internal IDisposable Listen(string queueName, Action onWork)
    {
        _ = SubscribeOnceAsync();
        var listener = new Listener();
        var ofQueue = listeners.GetOrAdd(queueName, static _ => new());
        ofQueue[listener] = onWork;
        listener.Stop = () => ofQueue.TryRemove(listener, out _);
        return listener;
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
            foreach (var onWork in ofQueue.Values)
            {
                onWork();
            }
        }
    }

    private sealed class Listener : IDisposable
    {
        internal Action Stop { get; set; } = static () => { };

        public void Dispose() => Stop();
    }
}
