using System.Collections.Concurrent;

namespace Millrace.Store;

/// <summary>
/// Where the last claims of this process ended, by queue and priority: the next begin there instead of passing over what is claimed, and
/// over what has ended but cannot be forgotten while somebody holds an old snapshot open. Only a hint. A task that comes in behind a mark
/// (it was committed late, or went back from another process) is found by a sweep. Twice a second, or as often as it takes a twentieth of the time, a
/// sweep looks through what can have come since the last one; through everything it looks as often as that takes a five-hundredth, or every five seconds.
/// Queues whose sweep is quick share one. A queue of which nobody has claimed for some minutes is forgotten.
/// </summary>
internal sealed class ClaimMarks(TimeProvider clock)
{
    private static readonly TimeSpan LeastBetween = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan MostBetweenWhole = TimeSpan.FromSeconds(5);

    /// <summary>What waits from now on may be visible so late.</summary>
    private static readonly TimeSpan SlowestCommit = TimeSpan.FromSeconds(1);

    /// <summary>Marks matter again when claims come; until then there is nothing that they spare.</summary>
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, QueueMarks> queues = new(StringComparer.Ordinal);
    private long forgotAt = clock.GetTimestamp();

    /// <summary>The queues of which something is remembered.</summary>
    internal ICollection<string> Known => queues.Keys;

    /// <summary>Where the claim that is about to be made looks; it says what it found.</summary>
    internal ClaimLook Begin(string queueName)
    {
        var known = Of(queueName);
        known.UsedAt = clock.GetTimestamp();
        ForgetWhatRests();
        return Look(queueName, known);
    }

    /// <summary>From where on work may be waiting, by queue; in the others it may wait anywhere.</summary>
    internal IReadOnlyList<ClaimLook> Peek(IReadOnlyCollection<string> queueNames) =>
        [.. queueNames.Where(queues.ContainsKey).Select(name => Look(name, Of(name)))];

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

    /// <summary>When it is time to look for what lies behind the marks of these queues, it is so for one caller.</summary>
    internal IReadOnlyList<ClaimSweep> BeginSweeps(IEnumerable<string> queueNames)
    {
        List<ClaimSweep> sweeps = [];
        foreach (var name in queueNames)
        {
            if (queues.TryGetValue(name, out var known) && BeginSweep(known, out var reach))
            {
                sweeps.Add(new(name, reach, known.WasSlow));
            }
        }

        return sweeps;
    }

    private bool BeginSweep(QueueMarks known, out TimeSpan? reach)
    {
        lock (known)
        {
            var now = clock.GetTimestamp();
            reach = now < known.NextWholeSweep ? clock.GetElapsedTime(known.SweptAt, now) + SlowestCommit : null;
            if (known.IsSwept || now < known.NextSweep || !known.HasMark)
            {
                return false;
            }

            (known.IsSwept, known.SweptAt, known.NextSweep) = (true, now, long.MaxValue);
            return true;
        }
    }

    /// <summary>
    /// They took so long, together, and each is held to it. The next claims begin before what was found; when that is null the sweeps failed, and the next look through everything.
    /// </summary>
    internal void EndSweeps(IReadOnlyList<ClaimSweep> sweeps, TimeSpan took, IReadOnlyList<FoundBehind>? found)
    {
        var left = found?.ToLookup(static one => one.QueueName, StringComparer.Ordinal);
        foreach (var sweep in sweeps.Where(sweep => queues.ContainsKey(sweep.QueueName)))
        {
            EndSweep(Of(sweep.QueueName), sweep.Reach, took, left?[sweep.QueueName]);
        }
    }

    private void EndSweep(QueueMarks known, TimeSpan? reach, TimeSpan took, IEnumerable<FoundBehind>? left)
    {
        lock (known)
        {
            (known.IsSwept, known.WasSlow) = (false, took * 20 > LeastBetween);
            known.NextSweep = Math.Min(known.NextSweep, After(Later(took * 20, LeastBetween)));
            known.NextWholeSweep = left is null ? 0 : reach is null ? After(Sooner(took * 500, MostBetweenWhole)) : known.NextWholeSweep;
            foreach (var one in left ?? [])
            {
                known.Priorities[one.Priority - 1]?.GoBack(one.Due);
            }
        }
    }

    internal void Took(string queueName, short priority, DateTime due, Guid id, int count)
    {
        if (queues.TryGetValue(queueName, out var known))
        {
            lock (known)
            {
                (known.Priorities[priority - 1] ??= new ClaimMark()).Took(due, id, count);
            }
        }
    }

    /// <summary>As <see cref="Begin"/>, for a sweep, which is no use of the queue.</summary>
    internal ClaimLook Look(string queueName) => Look(queueName, Of(queueName));

    private ClaimLook Look(string queueName, QueueMarks known)
    {
        lock (known)
        {
            return new ClaimLook(this, queueName, known.Due(), known.Ids());
        }
    }

    private QueueMarks Of(string queueName) => queues.GetOrAdd(queueName, _ => new QueueMarks { NextSweep = After(LeastBetween), UsedAt = clock.GetTimestamp() });

    private void ForgetWhatRests()
    {
        var last = Volatile.Read(ref forgotAt);
        if (clock.GetElapsedTime(last) < LongestRest / 5 || Interlocked.CompareExchange(ref forgotAt, clock.GetTimestamp(), last) != last)
        {
            return;
        }

        foreach (var known in queues.Where(known => clock.GetElapsedTime(known.Value.UsedAt) >= LongestRest))
        {
            queues.TryRemove(known);
        }
    }

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static TimeSpan Sooner(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private long After(TimeSpan pause) => clock.GetTimestamp() + (long)(pause.TotalSeconds * clock.TimestampFrequency);

    private sealed class QueueMarks
    {
        internal long NextSweep { get; set; }

        /// <summary>The first is one.</summary>
        internal long NextWholeSweep { get; set; }

        internal long SweptAt { get; set; }

        internal long UsedAt { get; set; }

        internal bool IsSwept { get; set; }

        internal bool WasSlow { get; set; }

        /// <summary>Null where nothing was claimed yet: most queues use one or two priorities.</summary>
        internal ClaimMark?[] Priorities { get; } = new ClaimMark?[ClaimLook.Priorities];

        internal bool HasMark => Priorities.Any(static mark => mark?.Due > ClaimMark.First);

        internal DateTime[] Due() => Array.ConvertAll(Priorities, static mark => mark?.Due ?? ClaimMark.First);

        internal Guid[] Ids() => Array.ConvertAll(Priorities, static mark => mark?.Id ?? Guid.Empty);
    }
}
