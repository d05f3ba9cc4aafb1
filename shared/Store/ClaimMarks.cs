using System.Collections.Concurrent;
using System.Diagnostics;

namespace Millrace.Store;

/// <summary>
/// Where the last claims of this process ended, by queue and priority: the next begin there instead of passing over what is claimed, and
/// over what has ended but cannot be forgotten while somebody holds an old snapshot open. Only a hint. A task that comes in behind a mark
/// (it was committed late, or went back from another process) is found by a look at everything, which follows twice a second, or as often
/// as it takes a twentieth of the time.
/// </summary>
internal sealed class ClaimMarks
{
    private static readonly TimeSpan LeastBetween = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<string, QueueMarks> queues = new(StringComparer.Ordinal);

    /// <summary>Where the claim that is about to be made looks; it says what it found.</summary>
    internal ClaimLook Begin(string queueName)
    {
        var known = queues.GetOrAdd(queueName, static _ => new QueueMarks());
        lock (known)
        {
            return Stopwatch.GetTimestamp() >= known.NextEverything
                ? new ClaimLook(this, queueName, Stopwatch.GetTimestamp())
                : new ClaimLook(this, queueName, 0, known.Due(), known.Ids());
        }
    }

    /// <summary>From where on work may be waiting.</summary>
    internal ClaimLook Peek(string queueName) => queues.ContainsKey(queueName) ? Begin(queueName) : ClaimLook.AtEverything;

    /// <summary>Tasks went back, were moved or made more urgent: they may be behind the marks.</summary>
    internal void Forget() => queues.Clear();

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

    internal void EndEverything(string queueName, long began)
    {
        if (queues.TryGetValue(queueName, out var known))
        {
            var took = Stopwatch.GetElapsedTime(began);
            var pause = took * 20 > LeastBetween ? took * 20 : LeastBetween;
            lock (known)
            {
                known.NextEverything = Stopwatch.GetTimestamp() + (long)(pause.TotalSeconds * Stopwatch.Frequency);
            }
        }
    }

    private sealed class QueueMarks
    {
        internal long NextEverything { get; set; }

        internal ClaimMark[] Priorities { get; } = [.. Enumerable.Range(0, ClaimLook.Priorities).Select(static _ => new ClaimMark())];

        internal DateTime[] Due() => Array.ConvertAll(Priorities, static mark => mark.Due);

        internal Guid[] Ids() => Array.ConvertAll(Priorities, static mark => mark.Id);
    }
}
