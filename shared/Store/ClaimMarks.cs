using System.Collections.Concurrent;

namespace Millrace.Store;

/// <summary>
/// Where the last claims of this process ended, by queue and priority: the next begin there instead of passing over what is claimed, and
/// over what has ended but cannot be forgotten while somebody holds an old snapshot open. Only a hint. A task that comes in behind a mark
/// (it was committed late, or went back from another process) is found by a sweep, which follows twice a second, or as often as those of all
/// queues together take a twentieth of the time; after five seconds when it takes a twentieth of that alone.
/// </summary>
internal sealed class ClaimMarks(TimeProvider clock)
{
    private static readonly TimeSpan LeastBetween = TimeSpan.FromMilliseconds(500);

    /// <summary>A queue whose sweep is overdue by as much does not share the time.</summary>
    private static readonly TimeSpan MostBetween = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, QueueMarks> queues = new(StringComparer.Ordinal);

    /// <summary>Where the claim that is about to be made looks; it says what it found.</summary>
    internal ClaimLook Begin(string queueName) => Look(queueName, Of(queueName));

    /// <summary>From where on work may be waiting, by queue; in the others it may wait anywhere.</summary>
    internal IReadOnlyList<ClaimLook> Peek(string? queueName) =>
        [.. queues.Where(one => queueName is null || one.Key == queueName).Select(one => Look(one.Key, one.Value))];

    /// <summary>Tasks went back, were moved or made more urgent: they may be behind the marks.</summary>
    internal void Forget() => queues.Clear();

    /// <summary>True for one caller, when it is time to look for what lies behind the marks.</summary>
    internal bool BeginSweep(string queueName)
    {
        var known = Of(queueName);
        lock (known)
        {
            var begins = !known.IsSwept && clock.GetTimestamp() >= known.NextSweep && known.Priorities.Any(static mark => mark.Due > ClaimMark.First);
            known.IsSwept |= begins;
            return begins;
        }
    }

    /// <summary>It took so long. The next claims begin before what it found.</summary>
    internal void EndSweep(string queueName, TimeSpan took, IReadOnlyList<(short Priority, DateTime Due)> left)
    {
        if (!queues.TryGetValue(queueName, out var known))
        {
            return;
        }

        var recently = After(-MostBetween);
        var alone = took * 20;
        var shared = alone * queues.Values.Count(one => one == known || one.NextSweep > recently);
        lock (known)
        {
            known.IsSwept = false;
            known.NextSweep = After(new[] { alone, LeastBetween, shared < MostBetween ? shared : MostBetween }.Max());
            foreach (var (priority, due) in left)
            {
                known.Priorities[priority - 1].GoBack(due);
            }
        }
    }

    internal void Took(string queueName, short priority, DateTime due, Guid id, int count)
    {
        if (queues.TryGetValue(queueName, out var known))
        {
            lock (known)
            {
                known.Priorities[priority - 1].Took(due, id, count);
            }
        }
    }

    private ClaimLook Look(string queueName, QueueMarks known)
    {
        lock (known)
        {
            return new ClaimLook(this, queueName, known.Due(), known.Ids());
        }
    }

    private QueueMarks Of(string queueName) => queues.GetOrAdd(queueName, _ => new QueueMarks { NextSweep = After(LeastBetween) });

    private long After(TimeSpan pause) => clock.GetTimestamp() + (long)(pause.TotalSeconds * clock.TimestampFrequency);

    private sealed class QueueMarks
    {
        internal long NextSweep { get; set; }

        internal bool IsSwept { get; set; }

        internal ClaimMark[] Priorities { get; } = [.. Enumerable.Range(0, ClaimLook.Priorities).Select(static _ => new ClaimMark())];

        internal DateTime[] Due() => Array.ConvertAll(Priorities, static mark => mark.Due);

        internal Guid[] Ids() => Array.ConvertAll(Priorities, static mark => mark.Id);
    }
}
