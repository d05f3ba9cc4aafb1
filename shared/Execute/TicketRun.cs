using System.Collections.Concurrent;
using Millrace.Lifecycle;
using Millrace.Store;

namespace Millrace.Execute;

/// <summary>
/// The tasks of one running ticket: those that wait (inbox), those whose handler runs, and those that ended and wait to be
/// written. Workers take from the inbox until it is empty; the finisher writes; the watch stops what must stop.
/// </summary>
internal sealed class TicketRun(RunningTicket ticket, AttemptRunner runner, int concurrency)
{
    private readonly ConcurrentQueue<TaskRecord> inbox = new();
    private readonly ConcurrentDictionary<TaskId, Attempt> running = new();
    private readonly Lock gate = new();
    // How often: a task may be claimed again before its last outcome is ticked off.
    private readonly Dictionary<TaskId, int> held = [];
    private List<EndedAttempt> ended = [];
    private int workers;
    private int unwritten;
    private int begun;
    private int begunAtLastBeat = -1;

    internal RunningTicket Ticket => ticket;

    /// <summary>A worker has come free.</summary>
    internal Signal Room { get; } = new();

    /// <summary>Everything has been written, or there is new work in the queue.</summary>
    internal Signal Wake { get; } = new();

    /// <summary>Something has ended and waits to be written.</summary>
    internal Signal Ended { get; } = new();

    /// <summary>The ticket is in other hands: nothing more is begun or written.</summary>
    internal bool Lost { get; private set; }

    /// <summary>The answer to a claim was lost: PostgreSQL may hold tasks for this ticket that are not known here.</summary>
    internal bool MayHoldMore { get; set; }

    internal bool HasRoom => inbox.IsEmpty && Volatile.Read(ref workers) < concurrency;

    internal int FreeWorkers => concurrency - Volatile.Read(ref workers);

    /// <summary>Handlers that run now.</summary>
    internal int Load => running.Count;

    internal bool InboxIsEmpty => inbox.IsEmpty;

    /// <summary>Every task that was begun or waited here has ended and is written.</summary>
    internal bool IsDone => inbox.IsEmpty && Volatile.Read(ref unwritten) == 0;

    internal IEnumerable<Attempt> Running => running.Values;

    internal void Begin(IReadOnlyList<TaskRecord> tasks)
    {
        Interlocked.Add(ref unwritten, tasks.Count);
        lock (gate)
        {
            foreach (var task in tasks)
            {
                held[task.Id] = held.GetValueOrDefault(task.Id) + 1;
            }
        }

        foreach (var task in tasks)
        {
            inbox.Enqueue(task);
        }

        for (var more = Math.Min(tasks.Count, FreeWorkers); more > 0; more--)
        {
            Interlocked.Increment(ref workers);
            _ = Task.Run(WorkAsync);
        }
    }

    /// <summary>What has ended since the last call.</summary>
    internal List<EndedAttempt> TakeEnded()
    {
        lock (gate)
        {
            var batch = ended;
            ended = [];
            return batch;
        }
    }

    /// <summary>Tasks that wait or run here, or have ended and are not written yet.</summary>
    internal HashSet<TaskId> Held()
    {
        lock (gate)
        {
            return [.. held.Keys];
        }
    }

    internal void Written(List<EndedAttempt> batch)
    {
        lock (gate)
        {
            foreach (var one in batch)
            {
                if (--held[one.Task.Id] == 0)
                {
                    held.Remove(one.Task.Id);
                }
            }
        }

        if (Interlocked.Add(ref unwritten, -batch.Count) == 0)
        {
            Wake.Set();
        }
    }

    /// <summary>Gives back what waits, when nothing was begun since the last look: slow neighbours must not hold it up.</summary>
    internal void GiveBackWhatStalls()
    {
        var now = Volatile.Read(ref begun);
        if (now == begunAtLastBeat)
        {
            GiveBackInbox();
        }

        begunAtLastBeat = now;
    }

    internal void GiveBackInbox()
    {
        while (inbox.TryDequeue(out var task))
        {
            End(new EndedAttempt(task, AttemptEnd.WasGivenBack, null, 0, null));
        }
    }

    internal void StopAll(StopReason reason)
    {
        foreach (var attempt in running.Values)
        {
            attempt.Stop(reason);
        }
    }

    internal void Lose()
    {
        Lost = true;
        GiveBackInbox();
        StopAll(StopReason.TicketLost);
    }

    /// <summary>Settles a stopped attempt whose handler does not return. Its worker is retired with it.</summary>
    internal void Abandon(Attempt attempt)
    {
        if (attempt.TrySettle())
        {
            Settle(attempt, AttemptRunner.Abandoned(attempt));
            LeaveWorker();
        }
    }

    private async Task WorkAsync()
    {
        while (inbox.TryDequeue(out var task))
        {
            Interlocked.Increment(ref begun);
            if (!await RunOneAsync(task))
            {
                return;
            }
        }

        LeaveWorker();
    }

    /// <returns>False when the watch has settled the attempt, and retired this worker.</returns>
    private async ValueTask<bool> RunOneAsync(TaskRecord task)
    {
        if (Lost || task.Claim.CancelRequested)
        {
            End(new EndedAttempt(task, Lost ? AttemptEnd.WasGivenBack : AttemptEnd.WasCancelled, null, 0, null));
            return true;
        }

        var attempt = runner.NewAttempt(task);
        running[task.Id] = attempt;
        var end = await runner.RunAsync(attempt);
        if (!attempt.TrySettle())
        {
            return false;
        }

        Settle(attempt, end);
        return true;
    }

    private void Settle(Attempt attempt, AttemptEnd end)
    {
        running.TryRemove(attempt.Id, out _);
        var counted = end is not AttemptEnd.GivenBack;
        End(new EndedAttempt(attempt.Task, end, counted ? attempt.Began : null, attempt.RunMs, attempt));
    }

    private void End(EndedAttempt attempt)
    {
        lock (gate)
        {
            ended.Add(attempt);
        }

        Ended.Set();
    }

    private void LeaveWorker()
    {
        Interlocked.Decrement(ref workers);
        Room.Set();
    }
}
