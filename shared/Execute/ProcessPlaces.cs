using Microsoft.Extensions.Options;
using Millrace.Lifecycle;

namespace Millrace.Execute;

/// <summary>
/// The places for handlers of this process, which all its tickets share. The last eighth is for queues that hold none yet, so that others start
/// beside queues whose handlers never end; and the pipeline's own queue has places besides, so that a bulk cancel can mend it.
/// </summary>
internal sealed class ProcessPlaces(IOptions<ExecuteOptions> options, TimeProvider clock)
{
    /// <summary>Beside the places of everybody.</summary>
    private const int OwnPlaces = 2;

    /// <summary>One place of so many is kept for queues that hold none.</summary>
    private const int KeptOf = 8;

    /// <summary>Places of which none comes free for so long are held by handlers that run for long.</summary>
    internal static readonly TimeSpan LongTurn = TimeSpan.FromSeconds(0.5);

    private readonly Lock gate = new();
    private readonly Dictionary<string, Places> taken = new(StringComparer.Ordinal);
    private readonly LinkedList<Func<bool>> waiting = [];
    private readonly int total = options.Value.Concurrency;
    private int takenByAll;
    private long leftAt;
    private int wanted;

    /// <summary>How many handlers of the queue could begin now.</summary>
    internal int FreeFor(string queueName)
    {
        lock (gate)
        {
            return Free(queueName);
        }
    }

    /// <summary>The queues of which no handler can begin here, nor could for a while: their handlers run for long.</summary>
    internal string[] StuckQueues()
    {
        lock (gate)
        {
            return [.. taken.Keys.Where(IsStuck)];
        }
    }

    /// <summary>Whether no handler of a queue that holds no place can begin here, nor could for a while.</summary>
    internal bool AreStuckForOthers
    {
        get
        {
            lock (gate)
            {
                return takenByAll >= total && clock.GetElapsedTime(leftAt) >= LongTurn;
            }
        }
    }

    /// <summary>The queues of which handlers run here.</summary>
    internal string[] ServedQueues()
    {
        lock (gate)
        {
            return [.. taken.Keys];
        }
    }

    /// <summary>Whether no handler of the queue can begin here, nor could for a while.</summary>
    internal bool AreStuckFor(string queueName)
    {
        lock (gate)
        {
            return IsStuck(queueName);
        }
    }

    internal bool TryTake(string queueName)
    {
        lock (gate)
        {
            if (Free(queueName) == 0)
            {
                return false;
            }

            taken[queueName] = taken.TryGetValue(queueName, out var places) ? places with { Count = places.Count + 1 } : new(1, clock.GetTimestamp());
            takenByAll += IsOwn(queueName) ? 0 : 1;
            return true;
        }
    }

    /// <summary>Somebody waits for a place.</summary>
    internal bool AreWanted => Volatile.Read(ref wanted) > 0;

    /// <summary>A place is free again: the first who waits and can use it is told.</summary>
    internal void Leave(string queueName)
    {
        lock (gate)
        {
            if (taken[queueName].Count == 1)
            {
                taken.Remove(queueName);
            }
            else
            {
                taken[queueName] = new(taken[queueName].Count - 1, clock.GetTimestamp());
            }

            takenByAll -= IsOwn(queueName) ? 0 : 1;
            leftAt = IsOwn(queueName) ? leftAt : clock.GetTimestamp();
        }

        for (var start = FirstWaiting(); start is not null && !start(); start = FirstWaiting())
        {
        }
    }

    /// <summary>Calls once when a place comes free; the answer says whether it was taken.</summary>
    internal void WhenFree(Func<bool> start)
    {
        lock (gate)
        {
            waiting.AddLast(start);
            wanted = waiting.Count;
        }
    }

    private Func<bool>? FirstWaiting()
    {
        lock (gate)
        {
            var first = waiting.First?.Value;
            if (first is not null)
            {
                waiting.RemoveFirst();
                wanted = waiting.Count;
            }

            return first;
        }
    }

    private int Free(string queueName)
    {
        var own = taken.GetValueOrDefault(queueName).Count;
        var free = IsOwn(queueName) ? OwnPlaces - own : total - takenByAll - (own > 0 ? total / KeptOf : 0);
        return Math.Max(0, free);
    }

    private bool IsStuck(string queueName) =>
        Free(queueName) == 0 && (!taken.TryGetValue(queueName, out var places) || clock.GetElapsedTime(places.LeftAt) >= LongTurn);

    private static bool IsOwn(string queueName) => queueName == TaskNames.OwnQueue;

    /// <summary>How many places a queue holds, and when it left one last, or took its first.</summary>
    private readonly record struct Places(int Count, long LeftAt);
}
