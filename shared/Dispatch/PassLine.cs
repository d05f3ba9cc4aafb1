namespace Millrace.Dispatch;

/// <summary>
/// Queues that wait for a dispatch pass, those first that have waited longest. A queue that is asked for again while it waits is in the line once. Passes of
/// a queue keep a pause between them; afterwards the queue is forgotten. Of a caller who asks for many queues at once most wait in a line of their
/// own, so that they do not hold up the others.
/// </summary>
internal sealed class PassLine(TimeProvider clock)
{
    /// <summary>The passes of a stream of submissions need not follow each other so fast: hot executors have their signal.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>A wake cannot be told more exactly, and the one that is planned first is for what is due first.</summary>
    internal static readonly TimeSpan PauseOfWakes = TimeSpan.FromSeconds(1);

    /// <summary>An executor that has said that it takes what comes has taken it so long after the end of its mark, or is dead, and the work needs a ticket.</summary>
    internal static readonly TimeSpan AfterHunger = TimeSpan.FromMilliseconds(10);

    /// <summary>A few passes serve so many queues.</summary>
    private const int Long = 4 * TaskDispatcher.QueuesAtOnce;

    private readonly Lock gate = new();
    private readonly Dictionary<string, QueueInLine> queues = new(StringComparer.Ordinal);
    private readonly PriorityQueue<QueueInLine, long> line = new();
    private readonly PriorityQueue<QueueInLine, long> manyLine = new();
    private readonly Queue<(QueueInLine Queue, long EndedAt)> resting = new();

    /// <summary>Queues of which anything is remembered.</summary>
    internal int Count
    {
        get
        {
            lock (gate)
            {
                return queues.Count;
            }
        }
    }

    /// <summary>So many wait that who has time should not wait among them.</summary>
    internal bool IsLong
    {
        get
        {
            lock (gate)
            {
                return line.Count > Long;
            }
        }
    }

    /// <summary>Some of those that were asked for with many others wait.</summary>
    internal bool ManyWait
    {
        get
        {
            lock (gate)
            {
                return manyLine.Count > 0;
            }
        }
    }

    /// <param name="queueName">Wants a pass.</param>
    /// <param name="pause">So long after its last one.</param>
    /// <param name="isOneOfMany">Others of the same caller come first.</param>
    internal void Ask(string queueName, TimeSpan pause, bool isOneOfMany = false)
    {
        lock (gate)
        {
            if (!queues.TryGetValue(queueName, out var queue))
            {
                queues.Add(queueName, queue = new QueueInLine(queueName));
            }

            if (queue.IsInPass)
            {
                queue.Again = queue.Again < pause ? queue.Again : pause;
                return;
            }

            var due = queue.EndedAt is { } ended ? Math.Max(clock.GetTimestamp(), After(ended, pause)) : clock.GetTimestamp();
            Wait(queue, due, isOneOfMany);
        }
    }

    /// <summary>Queues whose pass may begin now. Each has to be ended.</summary>
    /// <param name="most">Not more than these.</param>
    /// <param name="withMany">Also of those that were asked for with many others; when they are not wanted, they wait on.</param>
    internal IReadOnlyList<QueueTurn> Take(int most, bool withMany)
    {
        lock (gate)
        {
            List<QueueTurn> taken = [];
            Take(line, withMany && manyLine.Count > 0 ? most * 3 / 4 : most, taken);
            if (withMany)
            {
                Take(manyLine, most, taken);
            }

            return taken;
        }
    }

    /// <summary>Their pass has ended, or has failed.</summary>
    internal void End(IReadOnlyList<QueueTurn> turns)
    {
        lock (gate)
        {
            var now = clock.GetTimestamp();
            foreach (var queue in turns.Select(turn => queues[turn.QueueName]))
            {
                (queue.IsInPass, queue.EndedAt) = (false, now);
                resting.Enqueue((queue, now));
                if (queue.Again is { } pause)
                {
                    queue.Again = null;
                    Wait(queue, After(now, pause), isOneOfMany: false);
                }
            }

            ForgetRested(now);
        }
    }

    /// <summary>How long it is until there is something to do for whoever takes; null when there is nothing. Forgets who has rested.</summary>
    internal TimeSpan? UntilNext(bool withMany)
    {
        lock (gate)
        {
            var now = clock.GetTimestamp();
            ForgetRested(now);
            var next = resting.TryPeek(out var one) ? After(one.EndedAt, PauseOfWakes) : long.MaxValue;
            next = line.TryPeek(out _, out var due) ? Math.Min(next, due) : next;
            next = withMany && manyLine.TryPeek(out _, out due) ? Math.Min(next, due) : next;
            return next == long.MaxValue ? null : next <= now ? TimeSpan.Zero : clock.GetElapsedTime(now, next);
        }
    }

    private void ForgetRested(long now)
    {
        var rested = After(now, -PauseOfWakes);
        while (resting.TryPeek(out var oldest) && oldest.EndedAt <= rested)
        {
            resting.Dequeue();
            if (oldest.Queue is { Due: null, IsInPass: false } queue && queue.EndedAt == oldest.EndedAt)
            {
                queues.Remove(queue.Name);
            }
        }
    }

    private void Wait(QueueInLine queue, long due, bool isOneOfMany)
    {
        var isSooner = queue.Due is not { } known || due < known;
        if (isSooner || (queue.IsOneOfMany && !isOneOfMany))
        {
            // Who has a place in the line keeps it, also when it is asked for sooner with many others.
            queue.IsOneOfMany = isOneOfMany && (queue.Due is null || queue.IsOneOfMany);
            queue.Due = isSooner ? due : queue.Due;
            (queue.IsOneOfMany ? manyLine : line).Enqueue(queue, queue.Due!.Value);
        }
    }

    /// <summary>A queue that has come to wait elsewhere, or for less long, is passed over where it waited before.</summary>
    private void Take(PriorityQueue<QueueInLine, long> from, int most, List<QueueTurn> taken)
    {
        var now = clock.GetTimestamp();
        while (taken.Count < most && from.TryPeek(out var queue, out var due) && due <= now)
        {
            from.Dequeue();
            if (queue.Due == due && queue.IsOneOfMany == (from == manyLine))
            {
                (queue.Due, queue.IsInPass) = (null, true);
                taken.Add(new(queue.Name, queue.IsOneOfMany));
            }
        }
    }

    private long After(long moment, TimeSpan pause) => moment + (long)(pause.TotalSeconds * clock.TimestampFrequency);

    private sealed class QueueInLine(string name)
    {
        internal string Name => name;

        /// <summary>When its pass may begin; null when nobody has asked for one.</summary>
        internal long? Due { get; set; }

        internal bool IsOneOfMany { get; set; }

        internal bool IsInPass { get; set; }

        /// <summary>Somebody has asked during the pass, for another one after this pause.</summary>
        internal TimeSpan? Again { get; set; }

        /// <summary>When its last pass ended; null when there was none of late.</summary>
        internal long? EndedAt { get; set; }
    }
}
