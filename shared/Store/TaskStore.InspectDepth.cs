using Millrace.Store.Rows;

namespace Millrace.Store;

internal sealed partial class TaskStore
{
    /// <summary>
    /// Every queue and priority in which a task waits, in the order of the claim's index: each step goes from one pair to the next, so the cost
    /// grows with the pairs and not with the tasks, nor with queues in which nothing waits.
    /// </summary>
    private const string Places = """
        places AS (
            (SELECT queue_name, priority FROM tasks WHERE state = 'pending' AND crashes < 2 ORDER BY queue_name, priority LIMIT 1)
            UNION ALL
            SELECT n.queue_name, n.priority
            FROM places p CROSS JOIN LATERAL (
                SELECT queue_name, priority FROM tasks
                WHERE state = 'pending' AND crashes < 2 AND (queue_name, priority) > (p.queue_name, p.priority)
                ORDER BY queue_name, priority LIMIT 1) AS n
        )
        """;

    /// <summary>How many wait in each of "places", by ranges of the claim's index: for counting ranges costs less than half of grouping a million entries.</summary>
    private const string Waiting = """
        SELECT p.queue_name, p.priority,
               (SELECT count(*) FROM tasks WHERE queue_name = p.queue_name AND priority = p.priority AND state = 'pending' AND crashes < 2
                  AND due_at <= now()) AS due,
               (SELECT count(*) FROM tasks WHERE queue_name = p.queue_name AND priority = p.priority AND state = 'pending' AND crashes < 2
                  AND due_at > now()) AS later,
               0 AS retrying, 0 AS blocked, 0 AS dispatched, 0 AS running, 0 AS dead, 0 AS paused
        FROM places p
        """;

    /// <summary>What "found" has of each queue, added up. Nothing is joined, so the cost is linear whatever PostgreSQL believes of the tables.</summary>
    private const string AddedUp = """
        SELECT queue_name, max(paused) = 1, sum(due)::bigint, (sum(later) - sum(retrying))::bigint, sum(retrying)::bigint, sum(blocked)::bigint,
               sum(dispatched)::bigint, sum(running)::bigint, greatest(sum(dead), 0)::bigint,
               ARRAY[coalesce(sum(due) FILTER (WHERE priority = 1), 0), coalesce(sum(due) FILTER (WHERE priority = 2), 0),
                     coalesce(sum(due) FILTER (WHERE priority = 3), 0), coalesce(sum(due) FILTER (WHERE priority = 4), 0),
                     coalesce(sum(due) FILTER (WHERE priority = 5), 0), coalesce(sum(due) FILTER (WHERE priority = 6), 0),
                     coalesce(sum(due) FILTER (WHERE priority = 7), 0), coalesce(sum(due) FILTER (WHERE priority = 8), 0),
                     coalesce(sum(due) FILTER (WHERE priority = 9), 0), coalesce(sum(due) FILTER (WHERE priority = 10), 0)]::bigint[]
        FROM found GROUP BY queue_name
        """;

    /// <summary>
    /// Live tasks per queue and state, of all queues that have any, or dead letters. Reads indexes only. What tickets hold is in the claim's index
    /// too, and is taken off. Dead letters are told from the counters, for there may be millions.
    /// </summary>
    internal const string DepthSql = $"""
        WITH RECURSIVE {Places}, found AS (
            {Waiting}
            UNION ALL
            SELECT queue_name, priority, count(*) FILTER (WHERE due_at <= now()), count(*) FILTER (WHERE due_at > now()), 0, 0, 0, 0, 0, 0
            FROM tasks WHERE state = 'pending' AND crashes > 1 GROUP BY 1, 2
            UNION ALL
            SELECT t.queue_name, t.priority, -count(*), 0, 0, 0, 0, 0, 0, 0
            FROM claims c CROSS JOIN LATERAL unnest(c.task_ids) AS u (id) JOIN tasks t ON t.id = u.id GROUP BY 1, 2
            UNION ALL
            SELECT queue_name, 0, 0, 0, count(*), 0, 0, 0, 0, 0 FROM tasks WHERE state = 'pending' AND attempts > 0 AND due_at > now() GROUP BY 1
            UNION ALL
            SELECT queue_name, 0, 0, 0, 0, count(*), 0, 0, 0, 0 FROM tasks WHERE state = 'blocked' GROUP BY 1
            UNION ALL
            SELECT k.queue_name, 0, 0, 0, 0, 0, coalesce(sum(c.remaining) FILTER (WHERE k.started_at IS NULL), 0),
                   coalesce(sum(c.remaining) FILTER (WHERE k.started_at IS NOT NULL), 0), 0, 0
            FROM tickets k JOIN claims c ON c.ticket_id = k.id GROUP BY 1
            UNION ALL
            SELECT queue_name, 0, 0, 0, 0, 0, 0, 0, sum(CASE event WHEN 'failed' THEN count ELSE -count END), 0
            FROM (SELECT queue_name, event, label, count FROM counter_totals
                  UNION ALL SELECT queue_name, event, label, count FROM counter_deltas) AS c
            WHERE event IN ('failed', 'replayed', 'deleted') OR (event = 'dropped' AND label = 'failed') GROUP BY 1
            UNION ALL
            SELECT name, 0, 0, 0, 0, 0, 0, 0, 0, 1 FROM queues WHERE paused
        )
        {AddedUp}
        HAVING sum(due) <> 0 OR sum(later) <> 0 OR sum(blocked) <> 0 OR sum(dispatched) <> 0 OR sum(running) <> 0 OR sum(dead) > 0
        ORDER BY queue_name
        """;

    /// <summary>The same of queue $1 alone, by the parts of the indexes that it has.</summary>
    internal const string QueueDepthSql = $"""
        WITH places AS (
            SELECT $1::text AS queue_name, p.priority::smallint AS priority FROM generate_series(1, 10) AS p (priority)
        ), found AS (
            {Waiting}
            UNION ALL
            SELECT queue_name, priority, count(*) FILTER (WHERE due_at <= now()), count(*) FILTER (WHERE due_at > now()), 0, 0, 0, 0, 0, 0
            FROM tasks WHERE queue_name = $1 AND state = 'pending' AND crashes > 1 GROUP BY 1, 2
            UNION ALL
            SELECT t.queue_name, t.priority, -count(*), 0, 0, 0, 0, 0, 0, 0
            FROM claims c CROSS JOIN LATERAL unnest(c.task_ids) AS u (id) JOIN tasks t ON t.id = u.id WHERE c.queue_name = $1 GROUP BY 1, 2
            UNION ALL
            SELECT queue_name, 0, 0, 0, count(*), 0, 0, 0, 0, 0
            FROM tasks WHERE queue_name = $1 AND state = 'pending' AND attempts > 0 AND due_at > now() GROUP BY 1
            UNION ALL
            SELECT queue_name, 0, 0, 0, 0, count(*), 0, 0, 0, 0 FROM tasks WHERE queue_name = $1 AND state = 'blocked' GROUP BY 1
            UNION ALL
            SELECT k.queue_name, 0, 0, 0, 0, 0, coalesce(sum(c.remaining) FILTER (WHERE k.started_at IS NULL), 0),
                   coalesce(sum(c.remaining) FILTER (WHERE k.started_at IS NOT NULL), 0), 0, 0
            FROM tickets k JOIN claims c ON c.ticket_id = k.id WHERE k.queue_name = $1 GROUP BY 1
            UNION ALL
            SELECT queue_name, 0, 0, 0, 0, 0, 0, 0, sum(CASE event WHEN 'failed' THEN count ELSE -count END), 0
            FROM (SELECT queue_name, event, label, count FROM counter_totals WHERE queue_name = $1
                  UNION ALL SELECT queue_name, event, label, count FROM counter_deltas WHERE queue_name = $1) AS c
            WHERE event IN ('failed', 'replayed', 'deleted') OR (event = 'dropped' AND label = 'failed') GROUP BY 1
            UNION ALL
            SELECT name, 0, 0, 0, 0, 0, 0, 0, 0, 1 FROM queues WHERE name = $1 AND paused
        )
        {AddedUp}
        """;

    /// <summary>How many of its tasks are in each state, of every queue that has live tasks or dead letters.</summary>
    internal async Task<IReadOnlyList<QueueDepth>> DepthsAsync(CancellationToken cancellation)
    {
        await using var command = Command(DepthSql);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        return await ReadAllAsync(rows, ReadDepth, cancellation);
    }

    /// <summary>How many tasks of one queue are in each state; all 0 when there is no such queue.</summary>
    internal async Task<QueueDepth> DepthAsync(string queueName, CancellationToken cancellation)
    {
        await using var command = Command(QueueDepthSql);
        command.Parameters.With(queueName);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        await rows.ReadAsync(cancellation);
        return ReadDepth(rows);
    }

    private static QueueDepth ReadDepth(StoreReader row) => new()
    {
        QueueName = row.GetString(0),
        Paused = row.GetBoolean(1),
        Pending = row.GetInt64(2),
        Scheduled = row.GetInt64(3),
        Retrying = row.GetInt64(4),
        Blocked = row.GetInt64(5),
        Dispatched = row.GetInt64(6),
        Running = row.GetInt64(7),
        Failed = row.GetInt64(8),
        PendingByPriority = row.GetFieldValue<long[]>(9),
    };
}
