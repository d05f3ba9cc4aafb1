using System.Collections.Concurrent;
using StackExchange.Redis;

namespace Millrace.Redis;

/// <summary>
/// Tells other processes, through Redis, that something has happened: new due work in a queue, a request to cancel. A
/// signal may be lost; who listens also polls.
/// </summary>
internal sealed class RedisSignal(RedisLink link)
{
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<Listener, Action>> listeners = new(StringComparer.Ordinal);
    private int subscribed;

    internal void Publish(string topic)
    {
        if (link.Current is { } redis)
        {
            redis.GetSubscriber().Publish(RedisChannel.Literal(RedisKeys.SignalChannel), topic, CommandFlags.FireAndForget);
        }
    }

    /// <summary>Calls <paramref name="onSignal"/> at each signal of the topic, on a thread of Redis, until disposed.</summary>
    internal IDisposable Listen(string topic, Action onSignal)
    {
        _ = SubscribeOnceAsync();
        var listener = new Listener();
        var ofTopic = listeners.GetOrAdd(topic, static _ => new());
        ofTopic[listener] = onSignal;
        listener.Stop = () => ofTopic.TryRemove(listener, out _);
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
            await redis.GetSubscriber().SubscribeAsync(RedisChannel.Literal(RedisKeys.SignalChannel), (_, topic) => Signal(topic.ToString()));
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            // Redis is away: the next listener tries again.
            Volatile.Write(ref subscribed, 0);
        }
    }

    private void Signal(string topic)
    {
        if (listeners.TryGetValue(topic, out var ofTopic))
        {
            foreach (var onSignal in ofTopic.Values)
            {
                onSignal();
            }
        }
    }

    private sealed class Listener : IDisposable
    {
        internal Action Stop { get; set; } = static () => { };

        public void Dispose() => Stop();
    }
}
