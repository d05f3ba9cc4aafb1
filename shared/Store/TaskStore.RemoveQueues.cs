using System.Data;
using Npgsql;

namespace Millrace.Store;

/// <summary>
/// Queues that hold nothing go. Whoever writes a task makes its queue known in the same statement, and for that the statement locks the table of queues, in a mode
/// that a removal excludes, before it takes its snapshot. So a submission has either committed before a removal looks, or it sees that the queue is gone
/// and makes it again: no task is left in a queue that nobody knows.
/// </summary>
internal sealed partial class TaskStore
{
    /// <summary>Counts are not told further than this.</summary>
    private const int MostCounted = 100_000;

    /// <summary>
    /// Whoever submits waits behind the removal while that waits for those before it; so it does not wait for long. Shorter, too, than the second after which
    /// PostgreSQL looks for a deadlock. A removal that a crash undoes can be made again, so its commit need not be flushed while others wait.
    /// </summary>
    internal const string ShortLockSql = "SELECT set_config('lock_timeout', '100ms', true), set_config('synchronous_commit', 'off', true)";

    /// <summary>Nobody writes a queue, and so nobody writes a task into one, until the transaction is over. Readers go on.</summary>
    private const string LockQueues = "LOCK TABLE queues IN SHARE ROW EXCLUSIVE MODE";

    /// <summary>Queue q has neither live tasks nor dead letters: one probe of an index each, where EXISTS may be answered by reading all tasks.</summary>
    private const string IsEmpty = """
        (SELECT 1 FROM tasks t WHERE t.queue_name = q.name AND t.state = 'pending' AND t.crashes < 2 LIMIT 1) IS NULL
          AND (SELECT 1 FROM tasks t WHERE t.queue_name = q.name AND t.state = 'pending' AND t.crashes > 1 LIMIT 1) IS NULL
          AND (SELECT 1 FROM tasks t WHERE t.queue_name = q.name AND t.state = 'blocked' LIMIT 1) IS NULL
          AND (SELECT 1 FROM dead_letters d WHERE d.queue_name = q.name LIMIT 1) IS NULL
        """;

    /// <summary>What is in queue $1, each kind counted up to $2. No row when there is no such queue.</summary>
    internal const string QueueContentsSql = """
        SELECT (SELECT count(*) FROM (SELECT FROM tasks WHERE queue_name = q.name AND state = 'pending' AND crashes < 2 LIMIT $2) AS l)
                 + (SELECT count(*) FROM (SELECT FROM tasks WHERE queue_name = q.name AND state = 'pending' AND crashes > 1 LIMIT $2) AS l)
                 + (SELECT count(*) FROM (SELECT FROM tasks WHERE queue_name = q.name AND state = 'blocked' LIMIT $2) AS l),
               (SELECT count(*) FROM (SELECT FROM dead_letters WHERE queue_name = q.name LIMIT $2) AS l)
        FROM queues q WHERE q.name = $1
        """;

    /// <summary>Up to $1 queues that nobody would miss: empty, with nothing set, and not used for a day.</summary>
    internal const string UnusedQueuesSql = $"""
        SELECT q.name FROM queues q
        WHERE NOT q.paused AND q.max_depth IS NULL AND q.created_at < now() - interval '1 day'
          AND {IsEmpty}
          AND (SELECT 1 FROM counter_sums s
               WHERE s.minutes = 60 AND s.queue_name = q.name AND s.type = '' AND s.since > now() - interval '25 hours' LIMIT 1) IS NULL
          AND q.name NOT IN (SELECT queue_name FROM counter_deltas)
        LIMIT $1
        """;

    /// <summary>Of the queues $1 those that are empty; with $2 only those with nothing set.</summary>
    internal const string RemoveQueuesSql = $"""
        WITH gone AS (
            DELETE FROM queues q
            WHERE q.name = ANY ($1) AND (NOT $2::boolean OR (NOT q.paused AND q.max_depth IS NULL)) AND {IsEmpty}
            RETURNING q.name
        ), forgotten AS (
            DELETE FROM wakes w USING gone WHERE w.queue_name = gone.name
        )
        SELECT count(*)::integer FROM gone
        """;

    /// <summary>Live tasks and dead letters of a queue, each told up to 100,000; null when there is no such queue.</summary>
    internal async Task<(long Live, long Dead)?> QueueContentsAsync(string name, CancellationToken cancellation)
    {
        await using var command = Command(QueueContentsSql);
        command.Parameters.With(name).With((long)MostCounted);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        return await rows.ReadAsync(cancellation) ? (rows.GetInt64(0), rows.GetInt64(1)) : null;
    }

    /// <summary>Removes a queue if it is empty, whatever is set for it. False when it is not, or is not there.</summary>
    /// <exception cref="PostgresException">With <c>lock_not_available</c>, when somebody writes for long: try again later.</exception>
    internal async Task<bool> RemoveQueueAsync(string name, CancellationToken cancellation) =>
        await RemoveQueuesAsync([name], false, cancellation) == 1;

    /// <summary>Removes queues that nobody has used for a day, so many at most. Returns how many were found.</summary>
    /// <exception cref="PostgresException">With <c>lock_not_available</c>, when somebody writes for long: try again later.</exception>
    internal async Task<int> RemoveUnusedQueuesAsync(int limit, CancellationToken cancellation)
    {
        await using var find = Command(UnusedQueuesSql);
        find.Parameters.With((long)limit);
        IReadOnlyList<string> unused;
        await using (var rows = await find.ExecuteReaderAsync(cancellation))
        {
            unused = await ReadAllAsync(rows, static row => row.GetString(0), cancellation);
        }

        if (unused.Count > 0)
        {
            await RemoveQueuesAsync([.. unused], true, cancellation);
        }

        return unused.Count;
    }

    private async Task<int> RemoveQueuesAsync(string[] names, bool unsetOnly, CancellationToken cancellation)
    {
        // One round trip: submissions wait for the lock, and must not wait for this process.
        await using var batch = new StoreBatch(database, sessions, costs, mayBeImpatient: true);
        batch.Add(ShortLockSql);
        batch.Add(LockQueues);
        batch.Add(RemoveQueuesSql).With(names).With(unsetOnly);
        await using var rows = await batch.ExecuteReaderAsync(cancellation);
        await rows.NextResultAsync(cancellation);
        await rows.ReadAsync(cancellation);
        return rows.GetInt32(0);
    }
}
