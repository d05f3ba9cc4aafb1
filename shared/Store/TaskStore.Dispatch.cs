using Millrace.Lifecycle;
using Millrace.Store.Rows;
using Npgsql;

namespace Millrace.Store;

internal sealed partial class TaskStore
{
    /// <summary>
    /// Due tasks of queue $1 while there is room, most urgent first, at most $2 and, after the first, at most 32 MB of stored data: an
    /// executor holds them all in memory. What another claim holds is passed over. A locked row stays where it is, so its place
    /// (ctid) names it.
    /// </summary>
    private const string Due = """
        locked AS MATERIALIZED (
            SELECT d.at, d.bytes
            FROM room CROSS JOIN generate_series(10, 1, -1) AS p (priority)
            CROSS JOIN LATERAL (
                SELECT ctid AS at, pg_column_size(data) AS bytes FROM tasks
                WHERE queue_name = $1 AND state = 'pending' AND crashes = 0 AND priority = p.priority::smallint
                  AND due_at <= now() AND (expires_at IS NULL OR expires_at > now())
                ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED) AS d
            LIMIT $2
        ), due AS MATERIALIZED (
            SELECT at, place::integer
            FROM (SELECT at, row_number() OVER w AS place, sum(bytes) OVER w AS bytes FROM locked WINDOW w AS (ROWS UNBOUNDED PRECEDING)) AS n
            WHERE place = 1 OR bytes <= 33554432
        )
        """;

    internal const string ClaimTicketSql = $"""
        WITH room AS MATERIALIZED (
            SELECT FROM queues q
            WHERE q.name = $1 AND NOT q.paused
              AND (SELECT count(*) FROM tickets WHERE queue_name = $1 AND state = 'queued' AND NOT quarantine) < $3
              AND NOT EXISTS (SELECT FROM tickets WHERE queue_name = $1 AND state = 'running' AND hungry_until > now())
        ), {Due}, ticket AS (
            INSERT INTO tickets (queue_name, state, quarantine, lease_until)
            SELECT $1, 'queued', false, now() + $4 FROM room WHERE EXISTS (SELECT FROM due)
            RETURNING id
        ), claimed AS (
            UPDATE tasks t SET state = 'claimed', ticket_id = ticket.id, ticket_seq = due.place FROM due, ticket WHERE t.ctid = due.at RETURNING t.priority
        )
        SELECT ticket.id, (SELECT count(*) FROM claimed)::integer, coalesce((SELECT max(priority) FROM claimed) >= 8, false) FROM ticket
        """;

    /// <summary>One at a time: two who look for a quarantine ticket at the same moment would both find none.</summary>
    internal const string LockQueueSql = "SELECT FROM queues WHERE name = $1 FOR NO KEY UPDATE";

    /// <summary>
    /// A task that has crashed before, alone, and the only such ticket of its queue, so that it takes nobody along. One that
    /// has run for 30 s does not hold up the next.
    /// </summary>
    internal const string ClaimQuarantineSql = """
        WITH room AS MATERIALIZED (
            SELECT FROM queues q
            WHERE q.name = $1 AND NOT q.paused
              AND NOT EXISTS (SELECT FROM tickets WHERE queue_name = $1 AND quarantine
                              AND (state <> 'running' OR started_at > now() - interval '30 seconds'))
        ), due AS MATERIALIZED (
            SELECT t.id FROM room CROSS JOIN LATERAL (
                SELECT id FROM tasks
                WHERE queue_name = $1 AND state = 'pending' AND crashes > 0
                  AND due_at <= now() AND (expires_at IS NULL OR expires_at > now())
                ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED) AS t
        ), ticket AS (
            INSERT INTO tickets (queue_name, state, quarantine, lease_until)
            SELECT $1, 'queued', true, now() + $2 FROM due
            RETURNING id
        ), claimed AS (
            UPDATE tasks t SET state = 'claimed', ticket_id = ticket.id, ticket_seq = 1 FROM due, ticket WHERE t.id = due.id RETURNING t.id
        )
        SELECT ticket.id, 1, false FROM ticket
        """;

    /// <summary>For each queue: is anything due that no hungry executor will take, is a quarantined task due, and when is the next thing due after now.</summary>
    internal const string QueuesWithWorkSql = """
        SELECT q.name, q.mean_run_ms, w.due, w.quarantined, w.next_due
        FROM queues q
        CROSS JOIN LATERAL (
            SELECT NOT EXISTS (SELECT FROM tickets WHERE queue_name = q.name AND state = 'running' AND hungry_until > now())
                   AND EXISTS (SELECT FROM generate_series(1, 10) AS p (priority) CROSS JOIN LATERAL (
                       SELECT FROM tasks WHERE queue_name = q.name AND state = 'pending' AND crashes = 0
                         AND priority = p.priority::smallint AND due_at <= now() LIMIT 1) AS d) AS due,
                   EXISTS (SELECT FROM tasks WHERE queue_name = q.name AND state = 'pending' AND crashes > 0
                             AND due_at <= now()) AS quarantined,
                   (SELECT min(n.due_at) FROM (
                       SELECT d.due_at FROM generate_series(1, 10) AS p (priority) CROSS JOIN LATERAL (
                           SELECT due_at FROM tasks WHERE queue_name = q.name AND state = 'pending' AND crashes = 0
                             AND priority = p.priority::smallint AND due_at > now() ORDER BY due_at LIMIT 1) AS d
                       UNION ALL
                       (SELECT due_at FROM tasks WHERE queue_name = q.name AND state = 'pending' AND crashes > 0
                          AND due_at > now() ORDER BY due_at LIMIT 1)) AS n) AS next_due
        ) AS w
        WHERE NOT q.paused AND ($1::text IS NULL OR q.name = $1) AND (w.due OR w.quarantined OR w.next_due IS NOT NULL)
        """;

    /// <summary>
    /// Remembers a wake when none is outstanding, or when the outstanding one is later or was lost. A message cannot be hidden for
    /// more than seven days: the wake is remembered for the time at which it really comes, so that the next can be planned then.
    /// </summary>
    internal const string PlanWakeSql = """
        INSERT INTO wakes (queue_name, purpose, due_at)
        VALUES ($1, $2, least(greatest($3, now()), now() + interval '6 days 23 hours 59 minutes'))
        ON CONFLICT (queue_name, purpose) DO UPDATE SET due_at = excluded.due_at
        WHERE wakes.due_at > excluded.due_at + interval '100 milliseconds' OR wakes.due_at < now() - interval '10 seconds'
        RETURNING extract(epoch FROM due_at - now())::float8
        """;

    internal const string ForgetWakeSql = "DELETE FROM wakes WHERE queue_name = $1 AND purpose = $2 AND due_at <= now() + interval '1 second'";

    /// <summary>Claims up to <paramref name="size"/> due tasks into a new ticket, within the bound of queued tickets.</summary>
    /// <returns>Null when nothing is due, the bound is reached, the queue is paused, or a hungry executor will take the work.</returns>
    internal async Task<ClaimedTicket?> ClaimTicketAsync(string queueName, int size, DispatchLimits limits, CancellationToken cancellation)
    {
        await using var command = Command(ClaimTicketSql);
        command.Parameters.With(queueName).With((long)size).With((long)limits.QueuedTickets).With(limits.Lease);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        return await ReadTicketAsync(rows, queueName, cancellation);
    }

    /// <summary>Claims one task that has crashed before into a ticket of its own; one such ticket per queue at a time.</summary>
    internal async Task<ClaimedTicket?> ClaimQuarantinedAsync(string queueName, DispatchLimits limits, CancellationToken cancellation)
    {
        await using var batch = database.CreateBatch();
        var turn = new NpgsqlBatchCommand(LockQueueSql);
        turn.Parameters.With(queueName);
        var claim = new NpgsqlBatchCommand(ClaimQuarantineSql);
        claim.Parameters.With(queueName).With(limits.Lease);
        batch.BatchCommands.Add(turn);
        batch.BatchCommands.Add(claim);
        await using var rows = await batch.ExecuteReaderAsync(cancellation);
        await rows.NextResultAsync(cancellation);
        return await ReadTicketAsync(rows, queueName, cancellation);
    }

    /// <param name="queueName">One queue, or null for all.</param>
    /// <param name="cancellation">Stops the read.</param>
    internal async Task<IReadOnlyList<QueueWork>> QueuesWithWorkAsync(string? queueName, CancellationToken cancellation)
    {
        await using var command = Command(QueuesWithWorkSql);
        command.Parameters.WithText(queueName);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        List<QueueWork> work = [];
        while (await rows.ReadAsync(cancellation))
        {
            work.Add(new QueueWork(
                rows.GetString(0),
                rows.IsDBNull(1) ? null : rows.GetDouble(1),
                rows.GetBoolean(2),
                rows.GetBoolean(3),
                rows.IsDBNull(4) ? null : rows.GetFieldValue<DateTimeOffset>(4)));
        }

        return work;
    }

    /// <returns>How long from now, when a wake has to be sent; null when one is outstanding already.</returns>
    internal async Task<TimeSpan?> PlanWakeAsync(string queueName, WakePurpose purpose, DateTimeOffset due, CancellationToken cancellation)
    {
        await using var command = Command(PlanWakeSql);
        command.Parameters.With(queueName).With(purpose.Word()).With(due.ToUniversalTime());
        return await command.ExecuteScalarAsync(cancellation) is double seconds ? TimeSpan.FromSeconds(Math.Max(0, seconds)) : null;
    }

    /// <summary>A wake has arrived: the next one may be planned.</summary>
    internal async Task ForgetWakeAsync(string queueName, WakePurpose purpose, CancellationToken cancellation)
    {
        await using var command = Command(ForgetWakeSql);
        command.Parameters.With(queueName).With(purpose.Word());
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<ClaimedTicket?> ReadTicketAsync(NpgsqlDataReader rows, string queueName, CancellationToken cancellation) =>
        await rows.ReadAsync(cancellation)
            ? new ClaimedTicket(new TicketId(rows.GetInt64(0)), queueName, rows.GetInt32(1), rows.GetBoolean(2))
            : null;
}
