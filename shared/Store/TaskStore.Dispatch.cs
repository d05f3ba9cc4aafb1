using Millrace.Lifecycle;
using Millrace.Store.Rows;

namespace Millrace.Store;

internal sealed partial class TaskStore
{
    /// <summary>Tickets with a task of this priority or a higher one are urgent.</summary>
    private const short MostUrgentFrom = 8;

    /// <summary>
    /// Who claims a suspect, one at a time for each queue: the second sees what the first took. Nobody waits in PostgreSQL, where whoever has the turn may hang; the
    /// statement that claims comes after it, and sees what the one before took. It claims only if this one had the turn: the turn may come free between them.
    /// </summary>
    internal const string QuarantineTurnSql =
        "SELECT set_config('millrace.turn', CASE WHEN pg_try_advisory_xact_lock(1, hashtext($1)) THEN 'had' ELSE '' END, true) = 'had'";

    private const int MostTurns = 5;

    private static readonly TimeSpan BetweenTurns = TimeSpan.FromMilliseconds(20);

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
            WHERE q.name = $1 AND NOT q.paused AND is_read_committed()
              AND (SELECT count(*) FROM tickets WHERE queue_name = $1 AND state = 'queued' AND NOT quarantine) < $5
              AND NOT EXISTS (SELECT FROM tickets WHERE queue_name = $1 AND state = 'running' AND hungry_until > now())
              AND CASE WHEN $7 THEN pg_try_advisory_xact_lock(2, hashtext($1)) ELSE true END
        ), {DueHead} t.id, t.due_at, t.priority {DueTail}, ticket AS (
            INSERT INTO tickets (queue_name, state, quarantine, lease_until, stands_back)
            SELECT $1, 'queued', false, now() + $6, $8 FROM room WHERE EXISTS (SELECT FROM due)
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
            WHERE q.name = $1 AND NOT q.paused AND is_read_committed() AND current_setting('millrace.turn', true) = 'had'
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

    /// <summary>Claims up to <paramref name="size"/> due tasks into a new ticket, within the bound of queued tickets.</summary>
    /// <returns>Null when nothing is due, the bound is reached, the queue is paused, or a hungry executor will take the work.</returns>
    internal Task<ClaimedTicket?> ClaimTicketAsync(string queueName, int size, DispatchLimits limits, CancellationToken cancellation) =>
        ClaimAsync(queueName, look => ClaimTicketAsync(queueName, size, limits, look, cancellation), cancellation);

    private async Task<ClaimedTicket?> ClaimTicketAsync(
        string queueName, int size, DispatchLimits limits, ClaimLook look, CancellationToken cancellation)
    {
        await using var batch = ClaimBatch(queueName, look);
        AddClaim(batch, new TicketOrder(queueName, size, limits), look);
        await using var rows = await ReadSteadyAsync(batch, cancellation, look);
        return await ReadTicketAsync(rows, size, look, cancellation);
    }

    /// <summary>
    /// A ticket for each of several queues, in one round trip and one transaction. Nobody waits in it, so it holds no tasks for long. A queue whose claims
    /// take turns is claimed of by itself, and so is one where others were quicker.
    /// </summary>
    internal async Task<IReadOnlyList<ClaimedTicket>> ClaimTicketsAsync(IReadOnlyList<TicketOrder> orders, CancellationToken cancellation)
    {
        List<ClaimedTicket> tickets = [];
        var alone = orders.Where(order => orders.Count == 1 || turns.IsBusy(order.QueueName)).ToList();
        var together = orders.Where(order => !alone.Contains(order)).ToList();
        if (together.Count > 0)
        {
            await using var batch = SteadyBatch();
            var looks = together.ConvertAll(order => marks.Begin(order.QueueName));
            foreach (var (order, look) in together.Zip(looks))
            {
                AddClaim(batch, order, look);
            }

            await using var rows = await ReadSteadyAsync(batch, cancellation);
            foreach (var (order, look) in together.Zip(looks))
            {
                if (await ReadTicketAsync(rows, order.Size, look, cancellation) is { } ticket)
                {
                    tickets.Add(ticket);
                }

                turns.Say(order.QueueName, look.WasFilled || look.Missed);
                alone.AddRange(look.Missed ? [order] : []);
                await rows.NextResultAsync(cancellation);
            }
        }

        foreach (var order in alone)
        {
            if (await ClaimTicketAsync(order.QueueName, order.Size, order.Limits, cancellation) is { } ticket)
            {
                tickets.Add(ticket);
            }
        }

        return tickets;
    }

    private static void AddClaim(StoreBatch batch, TicketOrder order, ClaimLook look) =>
        batch.Add(ClaimTicketSql).With(order.QueueName).With((long)order.Size).With(look.Due).With(look.Ids)
            .With((long)order.Limits.QueuedTickets).With(order.Limits.Lease).With(look.TakesTurn).With(order.Limits.StandsBack);

    private static async Task<ClaimedTicket?> ReadTicketAsync(StoreReader rows, int size, ClaimLook look, CancellationToken cancellation)
    {
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
        return tasks == 0 ? null : new ClaimedTicket(new TicketId(ticket), look.QueueName, tasks, urgent);
    }

    /// <summary>
    /// Claims one suspect into a ticket of its own; null when none is due, enough such tickets of the queue wait, or somebody else has the turn and keeps it.
    /// </summary>
    internal async Task<ClaimedTicket?> ClaimQuarantinedAsync(string queueName, TimeSpan lease, CancellationToken cancellation)
    {
        for (var turn = 1; ; turn++)
        {
            var (claimed, hadTurn) = await TryClaimQuarantinedAsync(queueName, lease, cancellation);
            if (claimed is not null || hadTurn || turn == MostTurns)
            {
                return claimed;
            }

            await Task.Delay(BetweenTurns, TimeProvider.System, cancellation);
        }
    }

    private async Task<(ClaimedTicket? Claimed, bool HadTurn)> TryClaimQuarantinedAsync(string queueName, TimeSpan lease, CancellationToken cancellation)
    {
        await using var batch = NewBatch();
        batch.Add(QuarantineTurnSql).With(queueName);
        batch.Add(ClaimQuarantineSql).With(queueName).With(lease);
        await using var rows = await batch.ExecuteReaderAsync(cancellation);
        await rows.ReadAsync(cancellation);
        var hadTurn = rows.GetBoolean(0);
        await rows.NextResultAsync(cancellation);
        return (await rows.ReadAsync(cancellation) ? new ClaimedTicket(new TicketId(rows.GetInt64(0)), queueName, 1, false) : null, hadTurn);
    }
}
