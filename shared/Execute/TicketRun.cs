using System.Collections.Concurrent;
using System.Diagnostics;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;

namespace Millrace.Execute;

/// <summary>
/// The tasks of one running ticket: those that wait (inbox), those that may be begun (cleared), those whose handler runs, and
/// those that ended and wait to be written. Workers take what is cleared until there is none; the finisher writes; the watch
/// stops what must stop.
/// </summary>
internal sealed partial class TicketRun(
    RunningTicket ticket, AttemptRunner runner, TicketBeginning beginning, TicketLease lease, HandlerPlaces places, int mostUnwritten)
{
    /// <summary>The most that are cleared at once, of tasks that are over at once.</summary>
    private const int MostAtOnce = 512;

    /// <summary>A worker lets others have its place after so long, if they wait for one.</summary>
    private static readonly TimeSpan LongestTurn = TimeSpan.FromMilliseconds(20);

    /// <summary>What was cleared is to last for about so long.</summary>
    private static readonly TimeSpan Lasting = TimeSpan.FromMilliseconds(20);

    /// <summary>What was cleared and finds no place for so long is not begun after all.</summary>
    private static readonly TimeSpan LongestCleared = TimeSpan.FromMilliseconds(50);

    private readonly Lock moving = new();
    private readonly ConcurrentQueue<TaskRecord> inbox = new();
    private readonly ConcurrentQueue<TaskRecord> cleared = new();
    private readonly ConcurrentDictionary<TaskId, Attempt> running = new();
    private readonly EndedAttempts ended = new();
    private int atOnce = TaskStore.BeginAtOnce;
    private int unwritten;
    private int begun;
    private int begunSeen = -1;
    private long begunSeenAt;
    private int begunAtLastLook = -1;
    private long lastLook;
    private int news;
    private int reportsAsked;
    private int clearing;
    private int waitsForPlace;
    private long clearedAt;
    private int clearedThrough;
    private int clearedCount;

    internal RunningTicket Ticket => ticket;

    /// <summary>Whether the ticket is still surely this executor's.</summary>
    internal TicketLease Lease => lease;

    /// <summary>A worker has come free, or something was written.</summary>
    internal Signal Room { get; } = new();

    /// <summary>Everything has been written, or there is new work in the queue.</summary>
    internal Signal Wake { get; } = new();

    /// <summary>Something has ended, or was reported, and waits to be written.</summary>
    internal Signal Ended => ended.Signal;

    /// <summary>The ticket may be in other hands: nothing more is begun. What has ended is written all the same, and PostgreSQL knows whether it still counts.</summary>
    internal bool Lost { get; private set; }

    /// <summary>PostgreSQL has said that the ticket is in other hands: nothing more is written.</summary>
    internal bool IsElsewhere { get; private set; }

    /// <summary>What a worker has died of: its task has no end here. The lease ends, and others take it.</summary>
    internal Exception? Broken { get; private set; }

    /// <summary>How many handlers could begin now.</summary>
    internal int FreePlaces => places.Free;

    /// <summary>A handler could begin now.</summary>
    internal bool HasPlace => places.HasPromises || places.Free > 0;

    /// <summary>It has one task, a suspect of crashes, and takes no other.</summary>
    internal bool IsOfSuspect { get; init; }

    /// <summary>The place of the last task that came.</summary>
    internal int LastPlace { get; private set; }

    /// <summary>The answer to a claim was lost: PostgreSQL may hold tasks for this ticket that are not known here.</summary>
    internal bool MayHoldMore { get; set; }

    /// <summary>So often PostgreSQL was asked what the ticket holds.</summary>
    internal int Looked { get; set; }

    /// <summary>
    /// False, too, while much has ended and cannot be written: what is taken on top of it would only be lost with it. And while the lease is not kept: nothing of
    /// it could be begun.
    /// </summary>
    internal bool HasRoom => !lease.IsOver && InboxIsEmpty && places.Free > 0 && Volatile.Read(ref unwritten) < mostUnwritten;

    /// <summary>Its last claim found less than there is room for.</summary>
    internal bool IsHungry { get; set; }

    /// <summary>It takes no more: for the moment, because others of the process do, or for good.</summary>
    internal bool StandsBack { get; set; }

    /// <summary>It takes work of this queue, finds some, and had places for handlers free all the time.</summary>
    internal bool TakesAllOf(string queueName) => !Lost && !StandsBack && !IsHungry && places.WereFree && ticket.QueueName == queueName;

    /// <summary>Called when more is taken.</summary>
    internal void LookAtPlaces() => places.Look();

    /// <summary>There is new work in the queue.</summary>
    internal void WorkCame()
    {
        Volatile.Write(ref news, 1);
        Wake.Set();
    }

    /// <summary>True once for all work that came since the last call.</summary>
    internal bool TakeNews() => Interlocked.Exchange(ref news, 0) == 1;

    /// <summary>Handlers that run now.</summary>
    internal int Load => running.Count;

    internal bool InboxIsEmpty => inbox.IsEmpty && cleared.IsEmpty;

    /// <summary>A handler of it was begun.</summary>
    internal bool HasBegun => Volatile.Read(ref begun) > 0;

    /// <summary>Every task that was begun or waited here has ended and is written.</summary>
    internal bool IsDone => InboxIsEmpty && Volatile.Read(ref unwritten) == 0;

    internal IEnumerable<Attempt> Running => running.Values;

    /// <summary>Takes tasks that have just been claimed; the statement that claimed them has cleared the first so many.</summary>
    internal void Begin(IReadOnlyList<TaskRecord> tasks, int cleared)
    {
        Interlocked.Add(ref unwritten, tasks.Count);
        LastPlace = tasks[^1].Place;
        for (var i = 0; i < tasks.Count; i++)
        {
            (i < cleared ? this.cleared : inbox).Enqueue(tasks[i]);
        }

        var begin = Math.Min(tasks.Count, cleared);
        (clearedAt, clearedThrough, clearedCount) = (Stopwatch.GetTimestamp(), begin == 0 ? clearedThrough : tasks[begin - 1].Place, begin);
        StartWorkers(begin);
        places.KeepPromises(this.cleared.Count);
        ClearOrWait();
    }

    /// <summary>The task may not begin here now, and waits again.</summary>
    internal void PutOff(TaskRecord task, TimeSpan delay)
    {
        Interlocked.Increment(ref unwritten);
        ended.Add(new EndedAttempt(task, new AttemptEnd.Returned(TaskOutcome.Snoozed(delay)), null, 0, null));
    }

    /// <summary>What has ended since the last call, as much of it as can be written at once.</summary>
    internal List<EndedAttempt> TakeEnded() => ended.Take();

    internal void Written(int count)
    {
        if (Interlocked.Add(ref unwritten, -count) == 0)
        {
            Wake.Set();
        }

        Room.Set();
    }

    /// <summary>For how long no task has been begun, as far as calls of this have seen.</summary>
    internal TimeSpan StandsStillFor()
    {
        var now = Volatile.Read(ref begun);
        (begunSeen, begunSeenAt) = now == begunSeen ? (begunSeen, begunSeenAt) : (now, Stopwatch.GetTimestamp());
        return Stopwatch.GetElapsedTime(begunSeenAt);
    }

    /// <summary>
    /// Gives back what waits, when nothing was begun since the last look at least <paramref name="longEnough"/> ago: slow
    /// neighbours must not hold it up.
    /// </summary>
    internal void GiveBackWhatStalls(TimeSpan longEnough)
    {
        if (lastLook != 0 && Stopwatch.GetElapsedTime(lastLook) < longEnough)
        {
            return;
        }

        lastLook = Stopwatch.GetTimestamp();
        var now = Volatile.Read(ref begun);
        if (now == begunAtLastLook)
        {
            GiveBackInbox();
        }

        begunAtLastLook = now;
    }

    /// <summary>What running handlers have reported should be written now.</summary>
    internal void AskForReports()
    {
        Volatile.Write(ref reportsAsked, 1);
        Ended.Set();
    }

    /// <summary>True once for each time that it was asked.</summary>
    internal bool TakeReportsAsked() => Interlocked.Exchange(ref reportsAsked, 0) == 1;

    internal void GiveBackInbox()
    {
        lock (moving)
        {
            while (inbox.TryDequeue(out var task) || cleared.TryDequeue(out task))
            {
                ended.Add(new EndedAttempt(task, AttemptEnd.WasGivenBack, null, 0, null));
            }
        }

        places.KeepPromises(cleared.Count);
    }

    internal void StopAll(StopReason reason)
    {
        foreach (var attempt in running.Values)
        {
            attempt.Stop(reason);
        }
    }

    /// <summary>PostgreSQL has confirmed the lease with a statement that was sent after this moment: what waits may begin.</summary>
    internal void Renew(TicketLease.Moment before)
    {
        lease.Renew(before);
        HelpWhatWaits();
    }

    /// <summary>PostgreSQL says that others have it, or nobody can say it any more.</summary>
    internal void Lose()
    {
        IsElsewhere = true;
        BeginNoMore();
    }

    /// <summary>It was not renewed for so long that others will have it.</summary>
    internal void BeginNoMore()
    {
        Lost = true;
        GiveBackInbox();
        StopAll(StopReason.TicketLost);
    }

    /// <summary>
    /// Settles a stopped attempt whose handler does not return. Its worker is retired with it. While it blocks its thread it keeps its place in the process:
    /// otherwise handlers that never return would take one thread after another, until nobody has one.
    /// </summary>
    internal void Abandon(Attempt attempt)
    {
        if (attempt.TrySettle())
        {
            Settle(attempt, AttemptRunner.Abandoned(attempt));
            if (attempt.TryLeaveWithThread())
            {
                places.LeaveAllButThread();
                ClearMoreInTime();
                Room.Set();
            }
            else
            {
                LeaveWorker();
            }
        }
    }

    /// <summary>
    /// Called from time to time: tasks that are cleared and still wait have workers before them that block their threads. And places that others have
    /// left are for what waits here.
    /// </summary>
    internal void HelpWhatWaits()
    {
        if (!cleared.IsEmpty)
        {
            StartWorkers(cleared.Count, int.MaxValue);
        }

        ClearMoreInTime();
    }
}
