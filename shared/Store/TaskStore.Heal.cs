using System.Data;
using Millrace.Lifecycle;
using Millrace.Store.Rows;

namespace Millrace.Store;

internal sealed partial class TaskStore
{
    /// <summary>
    /// Takes tickets whose lease has ended. After a restart of PostgreSQL running tickets get $3 to renew it first, and as long after an outage that this process has
    /// seen ($4): their executors live, only the database was away. And whose executor has spoken within $5 gets as long once more: somebody may have locked the
    /// ticket until this moment, so that it could not be renewed.
    /// </summary>
    internal const string TakeOverSql = """
        WITH lapsed AS MATERIALIZED (
            SELECT id, state = 'running' AND NOT spared AND EXISTS (
                       SELECT FROM executors e WHERE e.id = executor_id AND e.status <> 'stopped' AND e.last_heartbeat > now() - $5::interval) AS may_be_renewed
            FROM tickets
            WHERE lease_until < now() AND (started_at IS NULL OR NOT $4 AND pg_postmaster_start_time() < now() - $3::interval)
            ORDER BY lease_until LIMIT $1 FOR UPDATE SKIP LOCKED
        ), spared AS (
            UPDATE tickets k SET spared = true, lease_until = now() + $5 FROM lapsed l WHERE k.id = l.id AND l.may_be_renewed
        )
        UPDATE tickets k SET state = 'healing', lease_until = now() + $2 FROM lapsed l WHERE k.id = l.id AND NOT l.may_be_renewed
        RETURNING k.id, k.queue_name, k.executor_id, coalesce(extract(epoch FROM now() - k.started_at) * 1000, -1)::bigint
        """;

    /// <summary>Takes one ticket that was never started, whatever its lease: its message has ended on a poison queue.</summary>
    internal const string TakeOverQueuedSql = """
        UPDATE tickets SET state = 'healing', lease_until = now() + $2 WHERE id = $1 AND state = 'queued'
        RETURNING id, queue_name, executor_id, -1::bigint
        """;

    /// <summary>Without data, which may be large: what killed an executor by its size must not kill the healer.</summary>
    internal const string HeldTasksSql = """
        SELECT t.id, (c.first_place - 1 + u.n)::integer, t.attempts, t.crashes, t.cancel_requested, t.max_retries, t.retry_delay_seconds,
               t.retry_backoff, t.max_retry_delay_seconds,
               c.first_place - 1 + u.n <= greatest(c.begun_through, (SELECT max(b.through_place) FROM ticket_begins b WHERE b.ticket_id = $1))
        FROM claims c CROSS JOIN LATERAL unnest(c.task_ids) WITH ORDINALITY AS u (id, n) JOIN tasks t ON t.id = u.id
        WHERE c.ticket_id = $1 ORDER BY c.first_place, u.n
        """;

    internal const string LateTasksSql = "SELECT id FROM tasks WHERE expires_at <= now() ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED";

    /// <summary>Of the tasks $1, which are locked, those that no ticket holds.</summary>
    internal const string ExpireSql = $"""
        WITH gone AS (
            DELETE FROM tasks t WHERE t.id = ANY ($1) AND NOT EXISTS (SELECT FROM claim_of(t.queue_name, t.due_at, t.id)) RETURNING t.*
        ), finished AS (
            INSERT INTO finished_tasks ({TaskColumns.Moved}, attempts, crashes, history, outcome, finished_at)
            SELECT {TaskColumns.Moved}, attempts, crashes, history, 'expired', now() FROM gone
        ), counted AS (
            INSERT INTO counter_deltas (queue_name, type, event, label, count)
            SELECT queue_name, type, 'expired', 'none', count(*) FROM gone GROUP BY 1, 2
        )
        SELECT count(*)::integer FROM gone
        """;

    /// <summary>Claims whose ticket is gone. There should be none; if there are, nobody else would ever give their tasks back.</summary>
    internal const string FreeOrphansSql = """
        WITH freed AS (
            DELETE FROM claims c
            WHERE (c.ticket_id, c.last_place) IN (
                SELECT o.ticket_id, o.last_place FROM claims o WHERE NOT EXISTS (SELECT FROM tickets k WHERE k.id = o.ticket_id)
                LIMIT $1 FOR UPDATE SKIP LOCKED)
            RETURNING c.ticket_id, c.remaining
        ), forgotten AS (
            DELETE FROM ticket_begins b USING freed f WHERE b.ticket_id = f.ticket_id
        )
        SELECT coalesce(sum(remaining), 0)::integer FROM freed
        """;

    /// <summary>Claims of ticket $1 whose tasks have all left, whatever they should have counted down to: the ticket could never be closed.</summary>
    internal const string DropEmptyClaimsSql = """
        DELETE FROM claims c WHERE c.ticket_id = $1 AND NOT EXISTS (SELECT FROM unnest(c.task_ids) AS u (id) JOIN tasks t ON t.id = u.id)
        """;

    /// <summary>
    /// The run time of a crashed attempt is not known, so it has no part in the mean. Of each type 50 errors are counted by their names, those that
    /// came first; the others are counted as one.
    /// </summary>
    internal const string FoldCountersSql = """
        WITH turn AS MATERIALIZED (
            SELECT FROM passes WHERE stage = 'fold' FOR UPDATE SKIP LOCKED
        ), raw AS (
            DELETE FROM counter_deltas
            WHERE ctid = ANY (ARRAY(SELECT ctid FROM counter_deltas WHERE EXISTS (SELECT FROM turn) LIMIT $1))
            RETURNING *
        ), fresh AS MATERIALIZED (
            SELECT type, label
            FROM (SELECT r.type, r.label, row_number() OVER (PARTITION BY r.type ORDER BY min(r.minute), r.label)
                         + (SELECT count(*) FROM error_labels k WHERE k.type = r.type) AS place
                  FROM raw r
                  WHERE r.event IN ('retried', 'failed') AND r.label <> 'other'
                    AND NOT EXISTS (SELECT FROM error_labels k WHERE k.type = r.type AND k.label = r.label)
                  GROUP BY 1, 2) AS n
            WHERE place <= 50
        ), named AS (
            INSERT INTO error_labels (type, label) SELECT type, label FROM fresh ON CONFLICT DO NOTHING
        ), taken AS MATERIALIZED (
            SELECT r.minute, r.queue_name, r.type, r.event,
                   CASE WHEN r.event NOT IN ('retried', 'failed')
                          OR (r.type, r.label) IN (SELECT type, label FROM error_labels UNION ALL SELECT type, label FROM fresh)
                        THEN r.label ELSE 'other' END AS label,
                   r.count, r.total_ms
            FROM raw r
        ), minutes AS (
            INSERT INTO counters AS c (minute, queue_name, type, event, label, count, total_ms)
            SELECT minute, queue_name, type, event, label, sum(count), sum(total_ms) FROM taken GROUP BY 1, 2, 3, 4, 5
            ON CONFLICT (minute, queue_name, type, event, label)
            DO UPDATE SET count = c.count + excluded.count, total_ms = c.total_ms + excluded.total_ms
        ), sums AS (
            INSERT INTO counter_sums AS c (minutes, queue_name, type, since, event, label, count, total_ms)
            SELECT s.minutes, CASE WHEN s.by_queue THEN t.queue_name ELSE '' END, CASE WHEN s.by_type THEN t.type ELSE '' END,
                   date_bin(make_interval(mins => s.minutes), t.minute, timestamptz 'epoch'), t.event, t.label, sum(t.count), sum(t.total_ms)
            FROM taken t CROSS JOIN (VALUES (1, false, false), (60, false, false), (60, true, false), (60, false, true), (60, true, true)) AS s (minutes, by_queue, by_type)
            GROUP BY 1, 2, 3, 4, 5, 6
            ON CONFLICT (minutes, queue_name, type, since, event, label)
            DO UPDATE SET count = c.count + excluded.count, total_ms = c.total_ms + excluded.total_ms
        ), totals AS (
            INSERT INTO counter_totals AS c (queue_name, type, event, label, count, total_ms)
            SELECT queue_name, type, event, label, sum(count), sum(total_ms) FROM taken GROUP BY 1, 2, 3, 4
            ON CONFLICT (queue_name, type, event, label)
            DO UPDATE SET count = c.count + excluded.count, total_ms = c.total_ms + excluded.total_ms
        ), means AS (
            UPDATE queues q SET mean_run_ms = coalesce(0.7 * q.mean_run_ms + 0.3 * m.mean, m.mean)
            FROM (SELECT queue_name, sum(total_ms)::float8 / sum(count) AS mean FROM raw
                  WHERE event IN ('succeeded', 'retried', 'failed') AND label <> 'crashed' GROUP BY 1) AS m
            WHERE q.name = m.queue_name
        )
        SELECT count(*)::integer FROM taken
        """;

    internal const string RecordPassSql = """
        INSERT INTO passes (stage, last_run) VALUES ($1, now()) ON CONFLICT (stage) DO UPDATE SET last_run = now()
        """;

    /// <summary>Tickets whose executor is dead, or whose message is lost.</summary>
    /// <param name="limit">So many at most.</param>
    /// <param name="lease">The caller holds them for so long.</param>
    /// <param name="grace">So long executors have to renew theirs after PostgreSQL was away.</param>
    /// <param name="beat">Who lives has spoken within this.</param>
    /// <param name="cancellation">Ends the wait.</param>
    internal async Task<IReadOnlyList<LostTicket>> TakeOverAsync(int limit, TimeSpan lease, TimeSpan grace, TimeSpan beat, CancellationToken cancellation)
    {
        var command = Command(TakeOverSql);
        command.Parameters.With((long)limit).With(lease).With(grace).With(sessions.WasAwayWithin(grace)).With(beat);
        return await ReadLostAsync(command, cancellation);
    }

    /// <summary>One ticket that nobody has started; null when somebody has, or it is gone.</summary>
    internal async Task<LostTicket?> TakeOverQueuedAsync(TicketId ticket, TimeSpan lease, CancellationToken cancellation)
    {
        var command = Command(TakeOverQueuedSql);
        command.Parameters.With(ticket.Value).With(lease);
        var lost = await ReadLostAsync(command, cancellation);
        return lost.Count == 0 ? null : lost[0];
    }

    /// <summary>What the ticket holds, in the order of the places.</summary>
    internal async Task<IReadOnlyList<HeldTask>> HeldTasksAsync(TicketId ticket, CancellationToken cancellation)
    {
        await using var command = Command(HeldTasksSql);
        command.Parameters.With(ticket.Value);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        List<HeldTask> tasks = [];
        while (await rows.ReadAsync(cancellation))
        {
            var retries = new RetryPolicy(rows.GetInt16(5), rows.GetFloat(6), rows.GetFloat(7), rows.GetFloat(8));
            tasks.Add(new HeldTask(
                new TaskId(rows.GetGuid(0)), rows.GetInt32(1), rows.GetBoolean(9),
                new ClaimedTask(rows.GetInt16(2), rows.GetInt16(3), rows.GetBoolean(4), retries)));
        }

        return tasks;
    }

    /// <summary>Finishes waiting tasks that were not started in time. Returns how many. They are locked first, and judged by what is there then.</summary>
    internal async Task<int> ExpireAsync(int limit, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await BeginAsync(connection, IsolationLevel.ReadCommitted, cancellation);
        await using var find = Command(LateTasksSql, connection);
        find.Parameters.With((long)limit);
        List<Guid> late;
        await using (var rows = await find.ExecuteReaderAsync(cancellation))
        {
            late = [.. await ReadAllAsync(rows, static row => row.GetGuid(0), cancellation)];
        }

        if (late.Count == 0)
        {
            return 0;
        }

        await using var expire = Command(ExpireSql, connection);
        expire.Parameters.With<Guid[]>([.. late]);
        var expired = (int)(await expire.ExecuteScalarAsync(cancellation))!;
        await transaction.CommitAsync(cancellation);
        return expired;
    }

    /// <summary>Gives back tasks of claims whose ticket is gone. Returns how many.</summary>
    internal Task<int> FreeOrphansAsync(int limit, CancellationToken cancellation) => CountAsync(FreeOrphansSql, limit, cancellation);

    /// <summary>Adds up to <paramref name="limit"/> counted rows to the books. Returns how many.</summary>
    internal Task<int> FoldCountersAsync(int limit, CancellationToken cancellation) => CountAsync(FoldCountersSql, limit, cancellation);

    /// <summary>Notes that a timer's stage has just run.</summary>
    internal async Task RecordPassAsync(string stage, CancellationToken cancellation)
    {
        await using var command = Command(RecordPassSql);
        command.Parameters.With(stage);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private async Task<int> CountAsync(string sql, int limit, CancellationToken cancellation)
    {
        await using var command = Command(sql);
        command.Parameters.With((long)limit);
        return (int)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private static async Task<IReadOnlyList<LostTicket>> ReadLostAsync(StoreBatch command, CancellationToken cancellation)
    {
        await using (command)
        {
            await using var rows = await command.ExecuteReaderAsync(cancellation);
            List<LostTicket> lost = [];
            while (await rows.ReadAsync(cancellation))
            {
                var executor = rows.IsDBNull(2) ? (ExecutorId?)null : new ExecutorId(rows.GetGuid(2));
                var age = rows.GetInt64(3);
                lost.Add(new LostTicket(new TicketId(rows.GetInt64(0)), rows.GetString(1), executor, age < 0 ? null : age));
            }

            return lost;
        }
    }
}
