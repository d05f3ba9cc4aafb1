using System.Collections.Concurrent;

namespace Millrace.Store;

/// <summary>The turns of the queues that are busy, in this process. A queue that is not busy has none, and costs nothing.</summary>
internal sealed class ClaimTurns(TimeProvider clock)
{
    /// <summary>A queue of which nobody has claimed for so long is not busy, however its last claim ended.</summary>
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, ClaimTurn> queues = new(StringComparer.Ordinal);
    private long forgotAt = clock.GetTimestamp();

    internal int Count => queues.Count;

    /// <summary>Null when the queue is not busy.</summary>
    internal ClaimTurn? Of(string queueName) => queues.GetValueOrDefault(queueName);

    internal bool IsBusy(string queueName) => queues.ContainsKey(queueName);

    /// <summary>Busy is a queue whose last claim took as much as it wanted, or found that others had been quicker.</summary>
    internal void Say(string queueName, bool isBusy)
    {
        if (isBusy)
        {
            queues.GetOrAdd(queueName, static _ => new ClaimTurn()).BusyAt = clock.GetTimestamp();
            ForgetWhatRests();
        }
        else
        {
            queues.TryRemove(queueName, out _);
        }
    }

    private void ForgetWhatRests()
    {
        var last = Volatile.Read(ref forgotAt);
        if (clock.GetElapsedTime(last) < LongestRest || Interlocked.CompareExchange(ref forgotAt, clock.GetTimestamp(), last) != last)
        {
            return;
        }

        foreach (var known in queues.Where(known => clock.GetElapsedTime(known.Value.BusyAt) >= LongestRest))
        {
            queues.TryRemove(known);
        }
    }
}
