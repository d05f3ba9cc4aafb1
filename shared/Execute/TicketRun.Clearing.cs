using System.Diagnostics;
using Millrace.Store;
using Millrace.Store.Rows;

namespace Millrace.Execute;

/// <summary>
/// What may be begun: PostgreSQL is told before, for a crash costs such tasks an attempt. So no more is cleared than has a place, or is over at once.
/// </summary>
internal sealed partial class TicketRun
{
    /// <summary>
    /// How many of the tasks that a claim brings may be begun without a further word to PostgreSQL: as many as places can be promised to, for a crash can cost each
    /// an attempt; more of short ones. Half of the free places, for the claim may bring one task only, and others claim at the same time.
    /// </summary>
    internal int PromiseSome(int wanted) =>
        atOnce > TaskStore.BeginAtOnce ? atOnce : places.Promise(Math.Min(Math.Min(wanted, TaskStore.BeginAtOnce), (places.Free + 1) / 2));

    /// <summary>The place through which tasks should be cleared next; null when none waits, or none has a place.</summary>
    internal int? NextPlaceToClear()
    {
        if (!inbox.TryPeek(out var next))
        {
            return null;
        }

        var count = atOnce > TaskStore.BeginAtOnce ? atOnce : places.Promise(Math.Min(Math.Min(inbox.Count, TaskStore.BeginAtOnce), places.Free));
        return count == 0 ? null : next.Place + count - 1;
    }

    internal void KeepNoPromises() => places.KeepPromises(0);

    /// <summary>Tasks up to this place may be begun.</summary>
    internal void Clear(int place)
    {
        var count = 0;
        while (inbox.TryPeek(out var next) && next.Place <= place && inbox.TryDequeue(out var task))
        {
            cleared.Enqueue(task);
            clearedThrough = task.Place;
            count++;
        }

        (clearedAt, clearedCount) = (Stopwatch.GetTimestamp(), count);
        StartWorkers(count);
        places.KeepPromises(cleared.Count);
    }

    /// <summary>
    /// What is cleared and has no place waits as before, for a crash could cost it an attempt. Several tickets that start at once count on the same
    /// places. Called while nothing is being cleared.
    /// </summary>
    /// <returns>The place through which tasks may have been begun, and the last that was cleared.</returns>
    internal (int Through, int Last) TakeBackCleared()
    {
        lock (moving)
        {
            List<TaskRecord> back = [];
            while (cleared.TryDequeue(out var task))
            {
                back.Add(task);
            }

            // Workers take tasks at the same time: what is missing at the end, or between others, has been begun.
            var through = clearedThrough;
            for (var i = back.Count - 1; i >= 0 && back[i].Place == through; i--)
            {
                through--;
            }

            while (inbox.TryDequeue(out var task))
            {
                back.Add(task);
            }

            back.ForEach(inbox.Enqueue);
            places.KeepPromises(0);
            atOnce = TaskStore.BeginAtOnce;
            return (through, clearedThrough);
        }
    }

    /// <summary>Clearing has ended; the next may start.</summary>
    internal void EndClearing() => Volatile.Write(ref clearing, 0);

    /// <summary>What waits is cleared now, or when a place comes free.</summary>
    internal void ClearOrWait()
    {
        if (!inbox.IsEmpty && cleared.IsEmpty && !ClearMoreInTime() && places.Free == 0)
        {
            StartWhenFree();
        }
    }

    /// <summary>Of short tasks more is cleared when half is left, so that workers need not wait for it; of others when a handler can begin.</summary>
    private bool IsTimeToClear =>
        !inbox.IsEmpty && (atOnce > TaskStore.BeginAtOnce ? cleared.Count < atOnce / 2 : cleared.IsEmpty && places.Free > 0);

    /// <summary>What was cleared last is over already, most of it: then more can be cleared at once.</summary>
    private bool AreShort => Stopwatch.GetElapsedTime(clearedAt) < Lasting && Load * 2 <= clearedCount;

    /// <summary>What is cleared and finds no place for a while is not begun after all.</summary>
    private async Task ClearLessSoonAsync()
    {
        do
        {
            await Task.Delay(LongestCleared, TimeProvider.System, CancellationToken.None);
        }
        while (!cleared.IsEmpty && Stopwatch.GetElapsedTime(clearedAt) < LongestCleared);

        if (!cleared.IsEmpty && places.Free == 0 && Interlocked.Exchange(ref clearing, 1) == 0)
        {
            await beginning.TakeBackAsync(this);
        }
    }

    private bool ClearMoreInTime()
    {
        var clears = IsTimeToClear && Interlocked.Exchange(ref clearing, 1) == 0;
        if (clears)
        {
            atOnce = AreShort ? Math.Min(atOnce * 2, MostAtOnce) : TaskStore.BeginAtOnce;
            _ = Task.Run(() => beginning.ClearAsync(this));
        }

        return clears;
    }
}
