using System.Collections.Concurrent;

namespace Millrace.Dispatch;

/// <summary>
/// Nudges queues when something of theirs is due that is due soon: a storage queue tells wakes in whole seconds. What is due within the same tenth
/// of a second has one nudge, at its end. Nothing is lost with the process: a wake is planned besides.
/// </summary>
internal sealed class DueSoon(Action<string> nudge, TimeProvider clock, CancellationToken stop)
{
    /// <summary>For what is due later a wake does.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Slot = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<(string QueueName, long Slot), Lazy<Task>> nudges = new();

    /// <summary>Returns once <c>stop</c> has ended what waits.</summary>
    internal Task Stopped => Task.WhenAll(nudges.Values.Select(static one => one.Value));

    /// <summary>Something of the queue is due after <paramref name="delay"/>, reckoned from no later than now.</summary>
    internal void Add(string queueName, TimeSpan delay)
    {
        if (delay <= Soon)
        {
            var slot = ((clock.GetUtcNow() + delay).Ticks / Slot.Ticks) + 1;
            _ = nudges.GetOrAdd((queueName, slot), static (key, self) => new(() => self.NudgeAsync(key.QueueName, key.Slot)), this).Value;
        }
    }

    private async Task NudgeAsync(string queueName, long slot)
    {
        var left = new TimeSpan((slot * Slot.Ticks) - clock.GetUtcNow().Ticks);
        await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        nudges.TryRemove((queueName, slot), out _);
        if (!stop.IsCancellationRequested)
        {
            nudge(queueName);
        }
    }
}
