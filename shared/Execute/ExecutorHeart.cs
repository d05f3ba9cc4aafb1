using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Millrace.Redis;
using Millrace.Store;
using Millrace.Store.Rows;
using Npgsql;

namespace Millrace.Execute;

/// <summary>
/// Keeps the leases of all tickets that this process runs, with one statement per beat, on a thread of its own: handlers
/// that block every pool thread do not cost a lease. From its first ticket to its end the executor speaks: seldom while it is
/// idle, and a last time to say goodbye, so that only what has died is called lost.
/// </summary>
internal sealed partial class ExecutorHeart(
    IOptions<StoreOptions> database, StoreSessions sessions, ExecutorIdentity identity, ExecutorErrors errors, RedisSignal signal, IOptions<ExecuteOptions> options,
    CostMeter costs, TimeProvider clock, ILogger<ExecutorHeart> log) : IDisposable
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LeastGoodbye = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan GoodbyesFor = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BetweenGoodbyes = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan IdleBeat = TimeSpan.FromSeconds(5);

    private readonly NpgsqlDataSource source = Database.OpenForHeart(database.Value, sessions, TimeSpan.FromSeconds(options.Value.HeartbeatSeconds));
    private readonly ConcurrentDictionary<long, TicketRun> runs = new();
    private readonly Lock gate = new();
    private readonly AutoResetEvent beatNow = new(false);
    private Thread? thread;
    private long drainsSince;
    private volatile bool draining;
    private volatile bool stopped;

    /// <summary>Keeps the ticket until the returned object is disposed.</summary>
    internal IDisposable Keep(TicketRun run)
    {
        lock (gate)
        {
            if (runs.TryGetValue(run.Ticket.Id.Value, out var earlier))
            {
                // The database was put back to an earlier state, and gives the number a second time.
                earlier.Lose();
            }

            runs[run.Ticket.Id.Value] = run;
            if (thread is null)
            {
                thread = new Thread(BeatUntilStopped) { IsBackground = true, Name = "millrace heart" };
                thread.Start();
            }
            else if (runs.Count == 1)
            {
                // It may be asleep for longer than the lease of the new ticket lasts.
                beatNow.Set();
            }
        }

        return new Kept(this, run);
    }

    /// <summary>
    /// Another run of this process waits for work of the same queue too. Of all that do, the one with the oldest ticket stays: each would ask
    /// PostgreSQL for every task that comes.
    /// </summary>
    internal bool HasAnotherThatWaits(TicketRun run) =>
        runs.Values.Any(other => other.IsHungry && !other.Lost && other.Ticket.Id.Value < run.Ticket.Id.Value && other.Ticket.QueueName == run.Ticket.QueueName);

    /// <summary>
    /// As many others of this process as it has processors take work of the same queue, and none of them has all its places for handlers taken: it is
    /// the processors that are busy. Told to one after another, or all would stand back for each other.
    /// </summary>
    internal bool OthersSuffice(TicketRun run)
    {
        lock (gate)
        {
            var others = runs.Values.Count(other => other != run && other.TakesAllOf(run.Ticket.QueueName));
            return run.StandsBack = others >= Environment.ProcessorCount;
        }
    }

    /// <summary>Those that stand back look again.</summary>
    internal void TakesNoMore(TicketRun run)
    {
        run.StandsBack = true;
        foreach (var other in runs.Values.Where(other => other.StandsBack && other.Ticket.QueueName == run.Ticket.QueueName))
        {
            other.Wake.Set();
        }
    }

    /// <summary>A lease is over, though this process is awake: its clock was set perhaps. The next beat comes at once.</summary>
    internal void BeatNow() => beatNow.Set();

    /// <summary>How long ago the first <see cref="Drain"/> was; zero when there was none.</summary>
    internal TimeSpan DrainsFor => draining ? clock.GetElapsedTime(Volatile.Read(ref drainsSince)) : TimeSpan.Zero;

    /// <summary>From now on the list of workers shows this one as draining.</summary>
    internal void Drain()
    {
        Interlocked.CompareExchange(ref drainsSince, clock.GetTimestamp(), 0);
        draining = true;
        beatNow.Set();
    }

    public void Dispose()
    {
        runs.Clear();
        stopped = true;
        beatNow.Set();
        Thread? last;
        lock (gate)
        {
            last = thread;
        }

        // The Functions host kills its worker five seconds after it said stop.
        var left = options.Value.LongestStop + LeastGoodbye - DrainsFor;
        if (last?.Join(left > LeastGoodbye ? left : LeastGoodbye) ?? true)
        {
            beatNow.Dispose();
        }

        source.Dispose();
    }

    private void BeatUntilStopped()
    {
        // A beat brings the requests to cancel; a signal brings the beat forward.
        using var listening = signal.Listen(RedisKeys.CancelTopic, () => beatNow.Set());
        while (!stopped)
        {
            var pause = runs.IsEmpty ? IdleBeat : TimeSpan.FromSeconds(options.Value.HeartbeatSeconds);
            beatNow.WaitOne(TryBeat() || pause < AfterFailure ? pause : AfterFailure);
        }

        SayGoodbye();
    }

    /// <summary>Tried more than once: an executor whose goodbye is lost is called lost itself, and an operator looks for a crash.</summary>
    private void SayGoodbye()
    {
        var since = clock.GetTimestamp();
        while (!TryBeat() && clock.GetElapsedTime(since) < GoodbyesFor)
        {
            beatNow.WaitOne(BetweenGoodbyes);
        }
    }

    private bool TryBeat()
    {
        var kept = runs.ToArray();
        var before = TicketLease.Now(clock);
        try
        {
            var answer = new TaskStore(source, costs, sessions).Beat(Card(kept), Array.ConvertAll(kept, static run => run.Key), options.Value.Lease);
            foreach (var (id, run) in kept)
            {
                Apply(answer, id, run, before);
            }

            return true;
        }
        catch (Exception exception)
        {
            LogMissed(exception.Message);
            return false;
        }
    }

    private void Apply(Heartbeat answer, long ticket, TicketRun run, TicketLease.Moment before)
    {
        if (answer.Unknown.Contains(ticket))
        {
            LogLocked(ticket);
            return;
        }

        if (!answer.Held.Contains(ticket))
        {
            // Closed in this moment, or taken by the healer; only the second is a loss.
            if (runs.ContainsKey(ticket) && !run.IsElsewhere)
            {
                LogLost(ticket);
                run.Lose();
            }

            return;
        }

        run.Renew(before);
        foreach (var attempt in run.Running)
        {
            if (answer.Cancelled.Contains(attempt.Id))
            {
                attempt.Stop(StopReason.Cancelled);
            }
        }

        run.AskForReports();

        // A beat that was brought forward says nothing about a stall.
        run.GiveBackWhatStalls(TimeSpan.FromSeconds(options.Value.HeartbeatSeconds * 0.9));
    }

    private ExecutorCard Card(KeyValuePair<long, TicketRun>[] kept)
    {
        var load = 0;
        foreach (var (_, run) in kept)
        {
            load += run.Load;
        }

        var status = stopped ? "stopped" : draining ? "draining" : kept.Length == 0 ? "idle" : "active";
        return new(identity.Id, identity.Host, identity.ProcessId, identity.Version, status, options.Value.Concurrency, load, errors.ToJson());
    }

    private void Forget(TicketRun run) => runs.TryRemove(KeyValuePair.Create(run.Ticket.Id.Value, run));

    [LoggerMessage(3300, LogLevel.Warning, "A heartbeat failed: {Reason}")]
    private partial void LogMissed(string reason);

    [LoggerMessage(3301, LogLevel.Warning, "Ticket {Ticket} is in other hands: its handlers are stopped and nothing of them is written")]
    private partial void LogLost(long ticket);

    [LoggerMessage(3302, LogLevel.Warning, "Ticket {Ticket} could not be renewed: another session of PostgreSQL has locked it. Nothing of it is begun once its lease ends")]
    private partial void LogLocked(long ticket);

    private sealed class Kept(ExecutorHeart heart, TicketRun run) : IDisposable
    {
        public void Dispose() => heart.Forget(run);
    }
}
