using Millrace.Lifecycle;
using Millrace.Store.Rows;
using Npgsql;

namespace Millrace.Store;

internal sealed partial class TaskStore
{
    /// <summary>Tickets with a task of this priority or a higher one are urgent.</summary>
    private const short MostUrgentFrom = 8;

    /// <summary>Who claims a suspect, one at a time for each queue: the second sees what the first took.</summary>
    internal const string QuarantineTurnSql = "SELECT pg_advisory_xact_lock(1, hashtext($1))";

    /// <summary>
    /// What was claimed of queue $1 where a claim that begins behind ($3, $4) looks: from the first task there, of any priority. Not from the marks, for a
    /// priority without tasks has none, and all claims that ended under an old snapshot would be read each time.
    /// </summary>
    private const string Taken = $"""
        taken AS MATERIALIZED (
            {ClaimedIds} AND c.queue_name = $1 AND c.due_through >= (
                SELECT min(f.due_at) FROM generate_series(1, 10) AS p (priority) CROSS JOIN LATERAL (
                    SELECT t.due_at FROM tasks t
                    WHERE t.queue_name = $1 AND t.state = 'pending' AND t.crashes < 2 AND t.priority = p.priority::smallint
                      AND (t.due_at, t.id) > (($3::timestamptz[])[p.priority], ($4::uuid[])[p.priority]) AND t.due_at <= now()
                    ORDER BY t.due_at, t.id LIMIT 1) AS f)
        )
        """;

    /// <summary>
    /// Due tasks of queue $1 while there is room, most urgent first, at most $2 and, after the first, at most 32 MB of stored data: an
    /// executor holds them all in memory. Of each priority those behind the mark ($3, $4). The rows are locked, so that nobody edits or
    /// cancels what is being claimed; what somebody else has locked is passed over. What was claimed between the statement's beginning and
    /// these locks is left out again (missed): with the locks nobody else claims it, so those claims can be seen by now. Claims need no turns, and
    /// their commits share a flush. What the claim needs of a task, named between the two parts, is read from the row that was locked: it may be newer than
    /// what the statement sees elsewhere.
    /// </summary>
    private const string DueHead = $"""
        {Taken}, locked AS MATERIALIZED (
            SELECT d.*
            FROM room CROSS JOIN generate_series(10, 1, -1) AS p (priority)
            CROSS JOIN LATERAL (
                SELECT pg_column_size(t.data) AS bytes,
        """;

    private const string DueTail = """
                FROM tasks t
                WHERE t.queue_name = $1 AND t.state = 'pending' AND t.crashes < 2 AND t.priority = p.priority::smallint
                  AND (t.due_at, t.id) > (($3::timestamptz[])[p.priority], ($4::uuid[])[p.priority])
                  AND t.due_at <= now() AND (t.expires_at IS NULL OR t.expires_at > now()) AND t.id NOT IN (SELECT id FROM taken)
                ORDER BY t.due_at, t.id LIMIT $2 FOR UPDATE SKIP LOCKED) AS d
            LIMIT $2
        ), missed AS MATERIALIZED (
            SELECT id FROM claimed_now($1, (SELECT min(due_at) FROM locked)) AS id
        ), due AS MATERIALIZED (
            SELECT * FROM (SELECT *, (row_number() OVER w)::integer AS place, sum(bytes) OVER w AS sum_bytes FROM locked
                           WHERE id NOT IN (SELECT id FROM missed) WINDOW w AS (ROWS UNBOUNDED PRECEDING)) AS n
            WHERE place = 1 OR sum_bytes <= 33554432
        )
        """;

    /// <summary>
    /// Answers a row for each priority that it claimed of, with the last of these tasks; one of nulls when others have been quicker with
    /// everything that it had locked.
    /// </summary>
    internal const string ClaimTicketSql = $"""
        WITH room AS MATERIALIZED (
            SELECT FROM queues q
            WHERE q.name = $1 AND NOT q.paused
              AND (SELECT count(*) FROM tickets WHERE queue_name = $1 AND state = 'queued' AND NOT quarantine) < $5
              AND NOT EXISTS (SELECT FROM tickets WHERE queue_name = $1 AND state = 'running' AND hungry_until > now())
              AND CASE WHEN $7 THEN pg_try_advisory_xact_lock(2, hashtext($1)) ELSE true END
        ), {DueHead} t.id, t.due_at, t.priority {DueTail}, ticket AS (
            INSERT INTO tickets (queue_name, state, quarantine, lease_until)
            SELECT $1, 'queued', false, now() + $6 FROM room WHERE EXISTS (SELECT FROM due)
            RETURNING id
        ), claim AS (
            INSERT INTO claims (ticket_id, first_place, last_place, remaining, queue_name, due_from, due_through, task_ids)
            SELECT ticket.id, 1, count(*), count(*), $1, min(due_at), max(due_at), array_agg(due.id ORDER BY place) FROM due, ticket GROUP BY ticket.id
        )
        SELECT DISTINCT ON (t.priority) ticket.id, t.priority, t.due_at, t.id, count(*) OVER (PARTITION BY t.priority)
        FROM (SELECT FROM locked LIMIT 1) AS found LEFT JOIN (due t CROSS JOIN ticket) ON true ORDER BY t.priority, t.place DESC
        """;

    /// <summary>
    /// A suspect of crashes, alone in its ticket. Few such tickets of a queue wait: each process begins its suspects one after another.
    /// </summary>
    internal const string ClaimQuarantineSql = """
        WITH room AS MATERIALIZED (
            SELECT FROM queues q
            WHERE q.name = $1 AND NOT q.paused
              AND (SELECT count(*) FROM tickets WHERE queue_name = $1 AND quarantine AND state = 'queued') < 4
        ), due AS MATERIALIZED (
            SELECT t.id, t.due_at FROM room CROSS JOIN LATERAL (
                SELECT id, due_at FROM tasks
                WHERE queue_name = $1 AND state = 'pending' AND crashes > 1
                  AND due_at <= now() AND (expires_at IS NULL OR expires_at > now())
                  AND NOT EXISTS (SELECT FROM claim_of(queue_name, due_at, id))
                ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED) AS t
        ), ticket AS (
            INSERT INTO tickets (queue_name, state, quarantine, lease_until)
            SELECT $1, 'queued', true, now() + $2 FROM due
            RETURNING id
        ), claim AS (
            INSERT INTO claims (ticket_id, first_place, last_place, remaining, queue_name, due_from, due_through, task_ids)
            SELECT ticket.id, 1, 1, 1, $1, due_at, due_at, ARRAY[due.id] FROM due, ticket
        )
        SELECT id FROM ticket
        """;

    /// <summary>
    /// For each queue, or queue $1: is anything due that no hungry executor will take, is a quarantined task due, and when is the next thing due
    /// after now. In the queues $2 behind the marks ($3, $4), ten for each; what is claimed from the first task there on, as <see cref="Taken"/>. The
    /// order keeps PostgreSQL to the index, where it would rather read the table until it meets a row; the offset keeps it from answering each
    /// question twice, to choose a queue and to tell of it.
    /// </summary>
    internal const string QueuesWithWorkSql = $"""
        SELECT q.name, q.mean_run_ms, w.due, w.quarantined, w.next_due
        FROM queues q
        LEFT JOIN (SELECT unnest($2::text[]) AS name, 10 * (generate_subscripts($2::text[], 1) - 1) AS first) AS m ON m.name = q.name
        CROSS JOIN LATERAL (
            WITH mark AS MATERIALIZED (
                SELECT p::smallint AS priority, coalesce(($3::timestamptz[])[m.first + p], '-infinity') AS due_at,
                       coalesce(($4::uuid[])[m.first + p], '00000000-0000-0000-0000-000000000000') AS id
                FROM generate_series(1, 10) AS p
            ), taken AS MATERIALIZED (
                {ClaimedIds} AND c.queue_name = q.name AND c.due_through >= (
                    SELECT min(f.due_at) FROM mark CROSS JOIN LATERAL (
                        SELECT t.due_at FROM tasks t
                        WHERE t.queue_name = q.name AND t.state = 'pending' AND t.crashes < 2 AND t.priority = mark.priority
                          AND (t.due_at, t.id) > (mark.due_at, mark.id) AND t.due_at <= now()
                        ORDER BY t.due_at, t.id LIMIT 1) AS f)
            )
            SELECT NOT EXISTS (SELECT FROM tickets WHERE queue_name = q.name AND state = 'running' AND hungry_until > now())
                   AND EXISTS (SELECT FROM mark CROSS JOIN LATERAL (
                       SELECT FROM tasks t
                       WHERE t.queue_name = q.name AND t.state = 'pending' AND t.crashes < 2 AND t.priority = mark.priority
                         AND (t.due_at, t.id) > (mark.due_at, mark.id) AND t.due_at <= now()
                         AND t.id NOT IN (SELECT id FROM taken) ORDER BY t.due_at, t.id LIMIT 1) AS d) AS due,
                   EXISTS (SELECT FROM tasks WHERE queue_name = q.name AND state = 'pending' AND crashes > 1
                             AND due_at <= now() AND NOT EXISTS (SELECT FROM claim_of(queue_name, due_at, id))) AS quarantined,
                   (SELECT min(n.due_at) FROM (
                       SELECT d.due_at FROM generate_series(1, 10) AS p (priority) CROSS JOIN LATERAL (
                           SELECT due_at FROM tasks WHERE queue_name = q.name AND state = 'pending' AND crashes < 2
                             AND priority = p.priority::smallint AND due_at > now() ORDER BY due_at LIMIT 1) AS d
                       UNION ALL
                       (SELECT due_at FROM tasks WHERE queue_name = q.name AND state = 'pending' AND crashes > 1
                          AND due_at > now() ORDER BY due_at LIMIT 1)) AS n) AS next_due
            OFFSET 0
        ) AS w
        WHERE NOT q.paused AND ($1::text IS NULL OR q.name = $1) AND (w.due OR w.quarantined OR w.next_due IS NOT NULL)
        """;

    /// <summary>
    /// Remembers a wake when none is outstanding, or when the outstanding one is later or was lost. A message cannot be hidden for
    /// more than seven days: the wake is remembered for the time at which it really comes, so that the next can be planned then.
    /// </summary>
    internal const string PlanWakeSql = """
        INSERT INTO wakes (queue_name, purpose, due_at)
        VALUES ($1, $2, least(greatest($3, now() + interval '200 milliseconds'), now() + interval '6 days 23 hours 59 minutes'))
        ON CONFLICT (queue_name, purpose) DO UPDATE SET due_at = excluded.due_at
        WHERE wakes.due_at > excluded.due_at + interval '100 milliseconds' OR wakes.due_at < now() - interval '10 seconds'
        RETURNING extract(epoch FROM due_at - now())::float8
        """;

    /// <summary>A storage queue counts whole seconds, so a wake comes up to one early.</summary>
    internal const string UntilWakeSql = """
        SELECT extract(epoch FROM due_at - now())::float8 FROM wakes
        WHERE queue_name = $1 AND purpose = $2 AND due_at > now() AND due_at <= now() + interval '1 second'
        """;

    internal const string ForgetWakeSql = "DELETE FROM wakes WHERE queue_name = $1 AND purpose = $2 AND due_at <= now() + interval '1 second'";

    /// <summary>Claims up to <paramref name="size"/> due tasks into a new ticket, within the bound of queued tickets.</summary>
    /// <returns>Null when nothing is due, the bound is reached, the queue is paused, or a hungry executor will take the work.</returns>
    internal Task<ClaimedTicket?> ClaimTicketAsync(string queueName, int size, DispatchLimits limits, CancellationToken cancellation) =>
        ClaimAsync(queueName, look => ClaimTicketAsync(queueName, size, limits, look, cancellation), cancellation);

    private async Task<ClaimedTicket?> ClaimTicketAsync(
        string queueName, int size, DispatchLimits limits, ClaimLook look, CancellationToken cancellation)
    {
        await using var batch = ClaimBatch(queueName, look);
        batch.Add(ClaimTicketSql).With(queueName).With((long)size).With(look.Due).With(look.Ids).With((long)limits.QueuedTickets).With(limits.Lease)
            .With(look.TakesTurn);
        await using var rows = await ReadSteadyAsync(batch, cancellation, look);
        var (ticket, tasks, urgent) = (0L, 0, false);
        while (await rows.ReadAsync(cancellation))
        {
            // Who had the turn may have ended between the two statements.
            look.HadNoTurn = false;
            if (rows.IsDBNull(0))
            {
                look.Missed = true;
                break;
            }

            var priority = rows.GetInt16(1);
            var count = (int)rows.GetInt64(4);
            ticket = rows.GetInt64(0);
            tasks += count;
            urgent |= priority >= MostUrgentFrom;
            look.Took(priority, rows.GetDateTime(2), rows.GetGuid(3), count);
        }

        look.WasFilled = tasks >= size;
        return tasks == 0 ? null : new ClaimedTicket(new TicketId(ticket), queueName, tasks, urgent);
    }

    /// <summary>Claims one suspect into a ticket of its own; null when none is due, or enough such tickets of the queue wait.</summary>
    internal async Task<ClaimedTicket?> ClaimQuarantinedAsync(string queueName, TimeSpan lease, CancellationToken cancellation)
    {
        await using var batch = NewBatch();
        batch.Add(QuarantineTurnSql).With(queueName);
        batch.Add(ClaimQuarantineSql).With(queueName).With(lease);
        await using var rows = await batch.ExecuteReaderAsync(cancellation);
        await rows.NextResultAsync(cancellation);
        return await rows.ReadAsync(cancellation) ? new ClaimedTicket(new TicketId(rows.GetInt64(0)), queueName, 1, false) : null;
    }

    /// <param name="queueName">One queue, or null for all.</param>
    /// <param name="cancellation">Stops the read.</param>
    internal async Task<IReadOnlyList<QueueWork>> QueuesWithWorkAsync(string? queueName, CancellationToken cancellation)
    {
        // A pass that finds nothing makes no claim: without this, a task that was due in the past when it came would wait behind the marks for ever.
        foreach (var look in marks.Peek(queueName))
        {
            if (marks.BeginSweep(look.QueueName, out var reach))
            {
                await SweepAsync(look.QueueName, reach);
            }
        }

        var looks = marks.Peek(queueName);
        await using var batch = SteadyBatch();
        batch.Add(QueuesWithWorkSql).WithText(queueName).With(Column(looks, static look => look.QueueName))
            .With(looks.SelectMany(static look => look.Due).ToArray()).With(looks.SelectMany(static look => look.Ids).ToArray());
        await using var rows = await ReadSteadyAsync(batch, cancellation);
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

    /// <returns>How long it is until the wake that has arrived is due; zero when it is, or when it is not known.</returns>
    internal async Task<TimeSpan> UntilWakeAsync(string queueName, WakePurpose purpose, CancellationToken cancellation)
    {
        await using var command = Command(UntilWakeSql);
        command.Parameters.With(queueName).With(purpose.Word());
        return await command.ExecuteScalarAsync(cancellation) is double seconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.Zero;
    }

    /// <summary>A wake has arrived: the next one may be planned.</summary>
    internal async Task ForgetWakeAsync(string queueName, WakePurpose purpose, CancellationToken cancellation)
    {
        await using var command = Command(ForgetWakeSql);
        command.Parameters.With(queueName).With(purpose.Word());
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
