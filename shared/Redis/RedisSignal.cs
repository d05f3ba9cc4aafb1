using System.Collections.Concurrent;
using StackExchange.Redis;

namespace Millrace.Redis;

/// <summary>
/// Tells this process at once, and others through Redis, that something has happened: new due work in a queue, a request to cancel.
/// A signal may be lost; who listens also polls.
/// </summary>
internal sealed class RedisSignal(RedisLink link, TimeProvider clock)
{
    /// <summary>Other processes hear of a stream of events so often; the first is told at once.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    private readonly ConcurrentDictionary<string, ConcurrentDictionary<Listener, Action>> listeners = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, PacedWork> telling = new(StringComparer.Ordinal);
    private readonly string origin = Guid.CreateVersion7().ToString("N");
    private readonly Lock gate = new();
    private int subscribed;

    internal void Publish(string topic)
    {
        Signal(topic);
        if (link.IsConfigured)
        {
            telling.GetOrAdd(topic, NewTelling).Ask();
        }
    }

    /// <summary>Topics of which anything is remembered: those that somebody listens to, and those of the last moment.</summary>
    internal int Remembered => listeners.Count + telling.Count;

    private PacedWork NewTelling(string topic) => new(
        () => TellAsync(topic), Pause, clock, CancellationToken.None, idle => telling.TryRemove(KeyValuePair.Create(topic, idle)));

    private Task TellAsync(string topic)
    {
        if (link.Current is { } redis)
        {
            redis.GetSubscriber().Publish(RedisChannel.Literal(RedisKeys.SignalChannel), origin + topic, CommandFlags.FireAndForget);
        }

        return Task.CompletedTask;
    }

    /// <summary>Calls <paramref name="onSignal"/>, which returns at once, at each signal of the topic, until disposed.</summary>
    internal IDisposable Listen(string topic, Action onSignal)
    {
        _ = SubscribeOnceAsync();
        var listener = new Listener();
        lock (gate)
        {
            listeners.GetOrAdd(topic, static _ => new())[listener] = onSignal;
        }

        listener.Stop = () => Forget(topic, listener);
        return listener;
    }

    private void Forget(string topic, Listener listener)
    {
        lock (gate)
        {
            if (listeners.TryGetValue(topic, out var ofTopic) && ofTopic.TryRemove(listener, out _) && ofTopic.IsEmpty)
            {
                listeners.TryRemove(topic, out _);
            }
        }
    }

    private async Task SubscribeOnceAsync()
    {
        if (Interlocked.Exchange(ref subscribed, 1) == 1 || await link.WhenCreatedAsync() is not { } redis)
        {
            return;
        }

        try
        {
            await redis.GetSubscriber().SubscribeAsync(RedisChannel.Literal(RedisKeys.SignalChannel), (_, message) => Hear(message.ToString()));
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            // Redis is away: the next listener tries again.
            Volatile.Write(ref subscribed, 0);
        }
    }

    /// <summary>What this process has said itself is known here.</summary>
    private void Hear(string message)
    {
        if (message.Length > origin.Length && !message.StartsWith(origin, StringComparison.Ordinal))
        {
            Signal(message[origin.Length..]);
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
