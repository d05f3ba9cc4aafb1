using Millrace.Store.Rows;
using Npgsql;

namespace Millrace.Store;

internal sealed partial class TaskStore
{
    /// <summary>
    /// Live tasks per queue and state. Reads indexes only: the claim's for what waits, a range per queue and priority, for counting ranges
    /// costs less than half of grouping a million entries; the small ones for the rest. What tickets hold is in these too, and is taken off. Dead letters are told from the counters, for there
    /// may be millions.
    /// </summary>
    internal const string DepthSql = """
        WITH waiting AS (
            SELECT q.name AS queue_name, p.priority,
                   (SELECT count(*) FROM tasks WHERE queue_name = q.name AND priority = p.priority::smallint AND state = 'pending' AND crashes < 2
                      AND due_at <= now()) AS due,
                   (SELECT count(*) FROM tasks WHERE queue_name = q.name AND priority = p.priority::smallint AND state = 'pending' AND crashes < 2
                      AND due_at > now()) AS later
            FROM queues q CROSS JOIN generate_series(1, 10) AS p (priority)
            UNION ALL
            SELECT queue_name, priority, count(*) FILTER (WHERE due_at <= now()), count(*) FILTER (WHERE due_at > now())
            FROM tasks WHERE state = 'pending' AND crashes > 1 GROUP BY 1, 2
            UNION ALL
            SELECT t.queue_name, t.priority, -count(*), 0
            FROM claims c CROSS JOIN LATERAL unnest(c.task_ids) AS u (id) JOIN tasks t ON t.id = u.id GROUP BY 1, 2
        ), by_priority AS (
            SELECT queue_name, priority, sum(due) AS due, sum(later) AS later FROM waiting GROUP BY 1, 2
        ), retrying AS (
            SELECT queue_name, count(*) AS retrying FROM tasks
            WHERE state = 'pending' AND attempts > 0 AND due_at > now() GROUP BY 1
        ), blocked AS (
            SELECT queue_name, count(*) AS blocked FROM tasks WHERE state = 'blocked' GROUP BY 1
        ), claimed AS (
            SELECT k.queue_name, sum(c.remaining) FILTER (WHERE k.started_at IS NULL) AS dispatched,
                   sum(c.remaining) FILTER (WHERE k.started_at IS NOT NULL) AS running
            FROM tickets k JOIN claims c ON c.ticket_id = k.id GROUP BY 1
        ), dead AS (
            SELECT queue_name, sum(CASE event WHEN 'failed' THEN count ELSE -count END) AS dead
            FROM (SELECT queue_name, event, label, count FROM counter_totals
                  UNION ALL SELECT queue_name, event, label, count FROM counter_deltas) AS c
            WHERE event IN ('failed', 'replayed', 'deleted') OR (event = 'dropped' AND label = 'failed') GROUP BY 1
        )
        SELECT q.name, q.paused, sum(coalesce(p.due, 0))::bigint, (sum(coalesce(p.later, 0)) - coalesce(max(r.retrying), 0))::bigint,
               coalesce(max(r.retrying), 0), coalesce(max(b.blocked), 0), coalesce(max(c.dispatched), 0)::bigint, coalesce(max(c.running), 0)::bigint,
               greatest(coalesce(max(d.dead), 0), 0)::bigint,
               ARRAY(SELECT coalesce((SELECT i.due FROM by_priority i WHERE i.queue_name = q.name AND i.priority = n), 0)::bigint
                     FROM generate_series(1, 10) AS n ORDER BY n)
        FROM queues q
        LEFT JOIN by_priority p ON p.queue_name = q.name
        LEFT JOIN retrying r ON r.queue_name = q.name
        LEFT JOIN blocked b ON b.queue_name = q.name
        LEFT JOIN claimed c ON c.queue_name = q.name
        LEFT JOIN dead d ON d.queue_name = q.name
        GROUP BY q.name, q.paused ORDER BY q.name
        """;

    /// <summary>Every queue with how many of its tasks are in each state.</summary>
    internal async Task<IReadOnlyList<QueueDepth>> DepthsAsync(CancellationToken cancellation)
    {
        await using var command = Command(DepthSql);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        return await ReadAllAsync(rows, ReadDepth, cancellation);
    }

    private static QueueDepth ReadDepth(NpgsqlDataReader row) => new()
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
