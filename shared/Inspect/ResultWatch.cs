using Microsoft.Extensions.Logging;
using Millrace.Lifecycle;
using Millrace.Store;
using Npgsql;

namespace Millrace.Inspect;

/// <summary>
/// Waits for tasks to end, for all requests of this process together: one small statement every 100 ms while anybody waits, none
/// otherwise. How many may wait is bounded, and one caller may hold half of what the others leave: so there is always a place for somebody else.
/// </summary>
internal sealed partial class ResultWatch(TaskStore store, TimeProvider clock, int most, ILogger<ResultWatch> log) : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Lock gate = new();
    private readonly Dictionary<TaskId, HashSet<Seat>> seats = [];
    private readonly Dictionary<string, int> takenBy = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource stop = new();
    private Task looking = Task.CompletedTask;
    private bool isLooking;
    private int taken;

    /// <summary>How many may wait at once.</summary>
    internal int Most => most;

    /// <summary>How many wait now.</summary>
    internal int Taken => Volatile.Read(ref taken);

    private TimeProvider Clock => clock;

    /// <summary>Statements that were sent; a test counts them.</summary>
    internal long Looks { get; private set; }

    /// <summary>How many places the caller may hold now: half of those that others leave, and one at least.</summary>
    internal int ShareOf(string caller)
    {
        lock (gate)
        {
            return Math.Max(1, (most - (taken - takenBy.GetValueOrDefault(caller))) / 2);
        }
    }

    /// <summary>A place to wait for the task's end; null when all are taken, or the caller has its share. Whoever takes one gives it back.</summary>
    internal Seat? TryEnter(TaskId id, string caller)
    {
        lock (gate)
        {
            if (taken >= most || takenBy.GetValueOrDefault(caller) >= ShareOf(caller) || stop.IsCancellationRequested)
            {
                return null;
            }

            taken++;
            takenBy[caller] = takenBy.GetValueOrDefault(caller) + 1;
            var seat = new Seat(this, id, caller);
            if (!seats.TryGetValue(id, out var same))
            {
                seats[id] = same = [];
            }

            same.Add(seat);
            if (!isLooking)
            {
                isLooking = true;
                looking = Task.Run(LookAsync);
            }

            return seat;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await looking;
        stop.Dispose();
    }

    private async Task LookAsync()
    {
        while (Waited() is { } ids)
        {
            try
            {
                Looks++;
                Wake(await store.GoneAsync(ids, stop.Token));
                await Task.Delay(Pause, clock, stop.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (NpgsqlException exception)
            {
                // Those who wait have their own time; afterwards they look for themselves, and say that the database is away.
                LogNotSeen(exception.Message);
                await Task.Delay(Pause * 10, clock, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>The tasks that are waited for; null, and the end of looking, when there are none.</summary>
    private TaskId[]? Waited()
    {
        lock (gate)
        {
            isLooking = seats.Count > 0 && !stop.IsCancellationRequested;
            return isLooking ? [.. seats.Keys] : null;
        }
    }

    private void Wake(IReadOnlyList<TaskId> gone)
    {
        lock (gate)
        {
            foreach (var id in gone)
            {
                foreach (var seat in seats.TryGetValue(id, out var same) ? same : [])
                {
                    seat.End();
                }
            }
        }
    }

    private void Leave(Seat seat)
    {
        lock (gate)
        {
            taken--;
            if (takenBy[seat.Caller] == 1)
            {
                takenBy.Remove(seat.Caller);
            }
            else
            {
                takenBy[seat.Caller]--;
            }

            if (seats.TryGetValue(seat.Id, out var same) && same.Remove(seat) && same.Count == 0)
            {
                seats.Remove(seat.Id);
            }
        }
    }

    [LoggerMessage(7000, LogLevel.Warning, "Whether awaited tasks have ended could not be seen: {Reason}")]
    private partial void LogNotSeen(string reason);

    /// <summary>One request that waits.</summary>
    internal sealed class Seat(ResultWatch watch, TaskId id, string caller) : IDisposable
    {
        private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal TaskId Id => id;

        internal string Caller => caller;

        internal void End() => ended.TrySetResult();

        /// <summary>Returns when the task has ended, when the time is over, or when the request is; it never throws for them.</summary>
        internal async Task WaitAsync(TimeSpan longest, CancellationToken cancellation) =>
            await ended.Task.WaitAsync(longest, watch.Clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        public void Dispose() => watch.Leave(this);
    }
}
