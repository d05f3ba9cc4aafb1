using System.Collections.Concurrent;

namespace Millrace.Store;

/// <summary>
/// Where the last claims of this process ended, by queue and priority: the next begin there instead of passing over what is claimed, and
/// over what has ended but cannot be forgotten while somebody holds an old snapshot open. Only a hint. A task that comes in behind a mark
/// (it was committed late, or went back from another process) is found by a sweep. Twice a second, or as often as it takes a twentieth of the time, a
/// sweep looks through what can have come since the last one; through everything it looks as often as that takes a five-hundredth, or every five seconds.
/// </summary>
internal sealed class ClaimMarks(TimeProvider clock)
{
    private static readonly TimeSpan LeastBetween = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan MostBetweenWhole = TimeSpan.FromSeconds(5);

    /// <summary>What waits from now on may be visible so late.</summary>
    private static readonly TimeSpan SlowestCommit = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, QueueMarks> queues = new(StringComparer.Ordinal);

    /// <summary>Where the claim that is about to be made looks; it says what it found.</summary>
    internal ClaimLook Begin(string queueName) => Look(queueName, Of(queueName));

    /// <summary>From where on work may be waiting, by queue; in the others it may wait anywhere.</summary>
    internal IReadOnlyList<ClaimLook> Peek(string? queueName) =>
        [.. queues.Where(one => queueName is null || one.Key == queueName).Select(one => Look(one.Key, one.Value))];

    /// <summary>Tasks went back, were moved or made more urgent: they may be behind the marks.</summary>
    internal void Forget() => queues.Clear();

    /// <summary>What was written, and took so long, may be behind the marks already: the next claim or pass of a queue sweeps it.</summary>
    internal void SweepSoon(TimeSpan took)
    {
        var began = After(-took);
        foreach (var known in queues.Values)
        {
            lock (known)
            {
                (known.NextSweep, known.SweptAt) = (0, Math.Min(known.SweptAt, began));
            }
        }
    }

    /// <summary>True for one caller, when it is time to look for what lies behind the marks.</summary>
    /// <param name="queueName">Whose marks.</param>
    /// <param name="reach">So far back from now it looks, by the time at which tasks are due; null for all of them.</param>
    internal bool BeginSweep(string queueName, out TimeSpan? reach)
    {
        var known = Of(queueName);
        lock (known)
        {
            var now = clock.GetTimestamp();
            reach = now < known.NextWholeSweep ? clock.GetElapsedTime(known.SweptAt, now) + SlowestCommit : null;
            if (known.IsSwept || now < known.NextSweep || !known.Priorities.Any(static mark => mark.Due > ClaimMark.First))
            {
                return false;
            }

            (known.IsSwept, known.SweptAt, known.NextSweep) = (true, now, long.MaxValue);
            return true;
        }
    }

    /// <summary>It took so long. The next claims begin before what it found; when that is null it failed, and the next looks through everything.</summary>
    internal void EndSweep(string queueName, TimeSpan? reach, TimeSpan took, IReadOnlyList<(short Priority, DateTime Due)>? left)
    {
        if (!queues.TryGetValue(queueName, out var known))
        {
            return;
        }

        lock (known)
        {
            known.IsSwept = false;
            known.NextSweep = Math.Min(known.NextSweep, After(Later(took * 20, LeastBetween)));
            known.NextWholeSweep = left is null ? 0 : reach is null ? After(Sooner(took * 500, MostBetweenWhole)) : known.NextWholeSweep;
            foreach (var (priority, due) in left ?? [])
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

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static TimeSpan Sooner(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private long After(TimeSpan pause) => clock.GetTimestamp() + (long)(pause.TotalSeconds * clock.TimestampFrequency);

    private sealed class QueueMarks
    {
        internal long NextSweep { get; set; }

        /// <summary>The first is one.</summary>
        internal long NextWholeSweep { get; set; }

        internal long SweptAt { get; set; }

        internal bool IsSwept { get; set; }

        internal ClaimMark[] Priorities { get; } = [.. Enumerable.Range(0, ClaimLook.Priorities).Select(static _ => new ClaimMark())];

        internal DateTime[] Due() => Array.ConvertAll(Priorities, static mark => mark.Due);

        internal Guid[] Ids() => Array.ConvertAll(Priorities, static mark => mark.Id);
    }
}
