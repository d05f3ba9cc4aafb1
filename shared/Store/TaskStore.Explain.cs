using Millrace.Lifecycle;
using Millrace.Store.Rows;

namespace Millrace.Store;

internal sealed partial class TaskStore
{
    /// <summary>
    /// Tasks of its queue that a claim takes before it, once it is due: those of higher priority that are due by then, and those of its own
    /// that are due earlier. One probe of the claim's index per priority, and none counts further than it is shown.
    /// </summary>
    private const string TasksBefore = """
        CASE WHEN s.state NOT IN ('pending', 'scheduled', 'retrying') THEN 0
             WHEN s.crashes > 1 THEN
                 (SELECT count(*) FROM (SELECT FROM tasks o WHERE o.queue_name = s.queue_name AND o.state = 'pending' AND o.crashes > 1
                                          AND o.due_at < s.due_at AND o.id NOT IN (SELECT id FROM taken) LIMIT 10001) AS b)
             ELSE
                 (SELECT count(*) FROM (
                     SELECT FROM generate_series(s.priority::integer, 10) AS p (priority) CROSS JOIN LATERAL (
                         SELECT FROM tasks o
                         WHERE o.queue_name = s.queue_name AND o.state = 'pending' AND o.crashes < 2 AND o.priority = p.priority::smallint
                           AND o.due_at < CASE WHEN p.priority > s.priority THEN greatest(s.due_at, now()) ELSE s.due_at END
                           AND o.id NOT IN (SELECT id FROM taken) LIMIT 10001) AS d
                     LIMIT 10001) AS b) END
        """;

    /// <summary>
    /// The task, wherever it is, with what may keep it from running: one snapshot, so that the reasons fit each other. $2 is the silence
    /// after which an executor is lost. What is expensive is read only in the state that it can explain.
    /// </summary>
    internal const string ExplainSql = $"""
        WITH taken AS MATERIALIZED (
            {ClaimedIds} AND c.queue_name = (SELECT queue_name FROM tasks WHERE id = $1)
        )
        SELECT {InspectColumns.Listed}, now() AS now, coalesce(q.paused, false) AS paused, q.mean_run_ms, k.created_at AS ticket_created_at, k.lease_until,
               c.begun_through, c.place, e.host, e.last_heartbeat,
               CASE WHEN s.state = 'dispatched'
                    THEN (SELECT count(*) FROM tickets b WHERE b.state = 'queued' AND b.id < s.ticket_id) ELSE 0 END AS tickets_before,
               (SELECT count(*) FROM tickets b WHERE b.queue_name = s.queue_name AND b.state = 'queued' AND NOT b.quarantine) AS queued_tickets,
               EXISTS (SELECT FROM tickets b WHERE b.queue_name = s.queue_name AND b.state = 'running' AND b.hungry_until > now()) AS hungry,
               CASE WHEN s.crashes > 1 AND s.ticket_id IS NULL
                    THEN (SELECT min(b.id) FROM tickets b WHERE b.queue_name = s.queue_name AND b.quarantine
                            AND b.state = 'queued') END AS ticket_ahead,
               {TasksBefore} AS tasks_before, r.ended, r.ended_in_seconds, x.executors, x.capacity, x.current_load AS load,
               (SELECT extract(epoch FROM now() - p.last_run)::float8 FROM passes p WHERE p.stage = 'dispatch') AS dispatch_seconds
        FROM (SELECT {InspectColumns.Live} FROM {InspectColumns.LiveTasks} WHERE t.id = $1
              UNION ALL SELECT {InspectColumns.Finished} FROM finished_tasks f WHERE f.id = $1
              UNION ALL SELECT {InspectColumns.Dead} FROM dead_letters d WHERE d.id = $1
              LIMIT 1) AS s
        LEFT JOIN queues q ON q.name = s.queue_name
        LEFT JOIN tickets k ON k.id = s.ticket_id
        LEFT JOIN LATERAL claim_of(s.queue_name, s.due_at, s.id) AS c ON true
        LEFT JOIN executors e ON e.id = k.executor_id
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(c.count), 0)::bigint AS ended,
                   coalesce(extract(epoch FROM now() - min(c.minute)), 0)::float8 AS ended_in_seconds
            FROM (SELECT minute, count FROM counters
                  WHERE minute >= date_trunc('minute', now()) - interval '4 minutes' AND queue_name = s.queue_name
                    AND event IN ('succeeded', 'retried', 'failed') AND s.finished_at IS NULL
                  UNION ALL
                  SELECT minute, count FROM counter_deltas
                  WHERE minute >= date_trunc('minute', now()) - interval '4 minutes' AND queue_name = s.queue_name
                    AND event IN ('succeeded', 'retried', 'failed') AND s.finished_at IS NULL) AS c) AS r
        CROSS JOIN (
            SELECT count(*) AS executors, coalesce(sum(capacity), 0)::bigint AS capacity, coalesce(sum(current_load), 0)::bigint AS current_load
            FROM executors WHERE status IN ('active', 'idle') AND last_heartbeat >= now() - $2::interval) AS x
        """;

    /// <summary>The task with what may keep it from running; null when it is nowhere.</summary>
    internal async Task<ExplainFacts?> ExplainAsync(TaskId id, TimeSpan lostAfter, CancellationToken cancellation)
    {
        await using var batch = SteadyBatch(PlanWithValuesSql);
        batch.Add(ExplainSql).With(id.Value).With(lostAfter);
        await using var rows = await ReadSteadyAsync(batch, cancellation);
        return await rows.ReadAsync(cancellation) ? ReadFacts(rows) : null;
    }

    private static ExplainFacts ReadFacts(StoreReader row) => new()
    {
        Task = InspectColumns.Read(row),
        Now = row.GetFieldValue<DateTime>(row.GetOrdinal("now")),
        QueuePaused = row.GetFieldValue<bool>(row.GetOrdinal("paused")),
        TicketCreatedAt = Optional<DateTime>(row, "ticket_created_at"),
        LeaseUntil = Optional<DateTime>(row, "lease_until"),
        Place = Optional<int>(row, "place"),
        BegunThrough = Optional<int>(row, "begun_through"),
        ExecutorHost = row.IsDBNull(row.GetOrdinal("host")) ? null : row.GetString(row.GetOrdinal("host")),
        ExecutorSpokeAt = Optional<DateTime>(row, "last_heartbeat"),
        TicketsBefore = Optional<long>(row, "tickets_before") ?? 0,
        QueuedTickets = Optional<long>(row, "queued_tickets") ?? 0,
        MeanRunMs = Optional<double>(row, "mean_run_ms"),
        ExecutorIsHungry = row.GetFieldValue<bool>(row.GetOrdinal("hungry")),
        TicketAhead = Optional<long>(row, "ticket_ahead"),
        TasksBefore = Optional<long>(row, "tasks_before") ?? 0,
        Ended = Optional<long>(row, "ended") ?? 0,
        EndedInSeconds = Optional<double>(row, "ended_in_seconds") ?? 0,
        Executors = Optional<long>(row, "executors") ?? 0,
        Capacity = Optional<long>(row, "capacity") ?? 0,
        Load = Optional<long>(row, "load") ?? 0,
        DispatchSeconds = Optional<double>(row, "dispatch_seconds"),
    };

    private static T? Optional<T>(StoreReader row, string column)
        where T : struct
    {
        var at = row.GetOrdinal(column);
        return row.IsDBNull(at) ? null : row.GetFieldValue<T>(at);
    }
}
