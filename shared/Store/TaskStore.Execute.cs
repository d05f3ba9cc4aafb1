using Millrace.Lifecycle;
using Millrace.Store.Rows;
using Npgsql;

namespace Millrace.Store;

internal sealed partial class TaskStore
{
    /// <summary>The most tasks of unknown length that may be begun without a further word to the database: each can be charged for a crash.</summary>
    internal const int BeginAtOnce = 32;

    /// <summary>Task t of id u.id, looked up one by one: planned while nothing waits, a join could go through all that waits later.</summary>
    private const string EachTask = "CROSS JOIN LATERAL (SELECT * FROM tasks WHERE id = u.id OFFSET 0) AS t";

    /// <summary>The tasks of the ticket that was just started; the first of them may be begun. A suspect may not, before its trial is noted.</summary>
    private const string StartedTasks = $"""
        begun AS (
            UPDATE claims c SET begun_through = least(c.last_place, c.first_place + $1::integer - 1)
            FROM started
            WHERE c.ticket_id = started.id
              AND NOT (started.quarantine AND EXISTS (SELECT FROM tasks t WHERE t.id = c.task_ids[1] AND t.crashes > 1))
        )
        SELECT {TaskColumns.Claimed}, c.ticket_id, (c.first_place - 1 + u.n)::integer
        FROM claims c CROSS JOIN LATERAL unnest(c.task_ids) WITH ORDINALITY AS u (id, n) {EachTask}
        WHERE c.ticket_id = (SELECT id FROM started) ORDER BY u.n
        """;

    /// <summary>Repeated with the same key $4 it takes the same ticket again, as long as nobody has it.</summary>
    internal const string StartTicketSql = $"""
        WITH started AS (
            UPDATE tickets SET state = 'running', executor_id = $2, started_at = now(), lease_until = now() + $3, start_key = $4
            WHERE id = $6 AND (NOT quarantine OR $5) AND (state = 'queued' OR state = 'running' AND start_key = $4)
            RETURNING id, quarantine
        ), {StartedTasks}
        """;

    /// <summary>
    /// The ticket that has waited longest, without its message, which may be late or lost; or the one that was taken with key $4 already. None that holds a suspect
    /// unless $5, none of the queues $6, of which this process can begin nothing, and only of queue $8 if that is named. Tickets of queues $7, of which handlers run here already, stand back for
    /// a minute: many of them would hold up the first of another queue. So do, for ten seconds, those of queues that were filled together.
    /// </summary>
    internal const string AdoptTicketSql = $"""
        WITH oldest AS MATERIALIZED (
            SELECT id FROM tickets
            WHERE state = 'queued' AND queue_name <> ALL ($6) AND ($8::text IS NULL OR queue_name = $8) AND (NOT quarantine OR $5)
               OR state = 'running' AND start_key = $4
            ORDER BY state DESC,
                     queue_name = ANY ($7) AND created_at > now() - interval '1 minute' OR stands_back AND created_at > now() - interval '10 seconds',
                     id LIMIT 1 FOR UPDATE SKIP LOCKED
        ), started AS (
            UPDATE tickets k SET state = 'running', executor_id = $2, started_at = now(), lease_until = now() + $3, start_key = $4
            FROM oldest WHERE k.id = oldest.id
            RETURNING k.id, k.quarantine
        ), {StartedTasks}
        """;

    /// <summary>
    /// The next due tasks of queue $1 straight into the running ticket $5. Stands back, after a second, while a ticket of another queue that this process could
    /// serve ($14, $15) has been waiting for an executor, so that one busy queue does not hold every slot. The ticket is only written to when something about it
    /// changes: hungry is an executor that has room for more than it found. The last column says that nothing is left; it comes alone, and the rest
    /// is null, when others have been quicker with all that was found.
    /// </summary>
    internal const string ClaimMoreSql = $"""
        WITH room AS MATERIALIZED (
            SELECT k.id FROM tickets k JOIN queues q ON q.name = k.queue_name
            WHERE is_read_committed() AND k.id = $5 AND k.executor_id = $6 AND k.state = 'running' AND k.looked = $13 AND NOT k.quarantine AND NOT q.paused
              AND (k.started_at > now() - interval '1 second'
                   OR NOT EXISTS (SELECT FROM tickets WHERE state = 'queued' AND queue_name <> $1 AND queue_name <> ALL ($14) AND (NOT quarantine OR $15)
                                    AND created_at < now() - interval '1 second'))
              AND CASE WHEN $12 THEN pg_try_advisory_xact_lock(2, hashtext($1)) ELSE true END
            FOR SHARE OF k
        ), {DueHead} {TaskColumns.Claimed} {DueTail}, kept AS (
            UPDATE tickets k SET lease_until = now() + $7::interval, hungry_until = CASE WHEN (SELECT count(*) FROM locked) < $11 THEN now() + $8::interval END
            FROM room
            WHERE k.id = room.id
              AND (k.lease_until < now() + $7::interval / 2
                   OR CASE WHEN (SELECT count(*) FROM locked) < $11 THEN coalesce(k.hungry_until, '-infinity') < now() + $8::interval / 2
                           ELSE k.hungry_until IS NOT NULL END)
        ), claim AS (
            INSERT INTO claims (ticket_id, first_place, last_place, begun_through, remaining, queue_name, due_from, due_through, task_ids)
            SELECT room.id, $9::integer + 1, $9::integer + count(*), $9::integer + least($10::integer, count(*)), count(*), $1, min(due_at), max(due_at),
                   array_agg(due.id ORDER BY place)
            FROM due, room GROUP BY room.id
        )
        SELECT {TaskColumns.Claimed}, room.id, $9::integer + t.place, (SELECT count(*) FROM locked) < $11
        FROM room CROSS JOIN (SELECT FROM locked LIMIT 1) AS found LEFT JOIN due t ON true
        """;

    /// <summary>This executor takes no more into the ticket: from now on work of its queue needs tickets again.</summary>
    internal const string EndHungerSql = "UPDATE tickets SET hungry_until = NULL WHERE id = $1 AND executor_id = $2 AND state = 'running'";

    /// <summary>The ticket is locked: it is either still this executor's, or the healer has not looked yet.</summary>
    internal const string BeginSql = """
        WITH mine AS MATERIALIZED (
            SELECT id FROM tickets WHERE id = $1 AND executor_id = $2 AND state = 'running' FOR SHARE
        )
        INSERT INTO ticket_begins (ticket_id, through_place) SELECT id, $3 FROM mine
        ON CONFLICT (ticket_id, through_place) DO UPDATE SET through_place = excluded.through_place
        """;

    /// <summary>Of the claims through place $4, nothing behind place $3 is begun.</summary>
    internal const string TakeBackBeginSql = """
        WITH mine AS MATERIALIZED (
            SELECT id FROM tickets WHERE id = $1 AND executor_id = $2 AND state = 'running' FOR SHARE
        ), claimed AS (
            UPDATE claims c SET begun_through = $3 FROM mine WHERE c.ticket_id = mine.id AND c.first_place <= $4 AND c.begun_through > $3
        ), noted AS (
            DELETE FROM ticket_begins b USING mine WHERE b.ticket_id = mine.id AND b.through_place > $3
        )
        INSERT INTO ticket_begins (ticket_id, through_place) SELECT id, $3 FROM mine WHERE $3 > 0 ON CONFLICT DO NOTHING
        """;

    /// <summary>Waits for a claim that is under way, and refuses those that arrive later.</summary>
    internal const string LookSql = "UPDATE tickets SET looked = looked + 1 WHERE id = $1 AND executor_id = $2 AND state = 'running' RETURNING looked";

    /// <summary>What ticket $1 holds behind place $3, while executor $2 holds it.</summary>
    internal const string TasksBehindSql = $"""
        SELECT {TaskColumns.Claimed}, k.id, (c.first_place - 1 + u.n)::integer
        FROM tickets k JOIN claims c ON c.ticket_id = k.id AND c.last_place > $3
        CROSS JOIN LATERAL unnest(c.task_ids) WITH ORDINALITY AS u (id, n) {EachTask}
        WHERE k.id = $1 AND k.executor_id = $2 AND k.state = 'running' AND c.first_place - 1 + u.n > $3 ORDER BY c.first_place, u.n
        """;

    /// <summary>A ticket waits that is of none of the queues $1, and holds no suspect unless $2.</summary>
    internal const string TicketsWaitSql = "SELECT EXISTS (SELECT FROM tickets WHERE state = 'queued' AND queue_name <> ALL ($1) AND (NOT quarantine OR $2))";

    /// <summary>The same, or an older ticket of queue $3 than $4 waits for work of it too, in any process.</summary>
    internal const string IsNotNeededSql = $"""
        {TicketsWaitSql} OR EXISTS (SELECT FROM tickets WHERE queue_name = $3 AND state = 'running' AND id < $4 AND hungry_until > now())
        """;

    internal const string LockTicketSql = "SELECT FROM tickets WHERE id = $1 FOR UPDATE";

    internal const string CloseTicketSql = """
        WITH closed AS (
            DELETE FROM tickets k WHERE id = $1 AND NOT EXISTS (SELECT FROM claims WHERE ticket_id = $1) RETURNING id
        )
        DELETE FROM ticket_begins b USING closed WHERE b.ticket_id = closed.id
        """;

    /// <summary>Takes the ticket for this executor and reads its tasks. When the answer is lost it may be repeated with the same key.</summary>
    /// <returns>None when somebody else has started it, or it was healed: the message is a duplicate.</returns>
    internal async Task<IReadOnlyList<TaskRecord>> StartTicketAsync(
        TicketId ticket, StartOrder order, CancellationToken cancellation)
    {
        await using var batch = SteadyBatch();
        Add(batch, StartTicketSql, order).With(ticket.Value);
        await using var rows = await ReadSteadyAsync(batch, cancellation);
        return await TaskColumns.ReadAllAsync(rows, cancellation);
    }

    /// <summary>Takes the ticket that waits longest and reads its tasks; none when no ticket waits. May be repeated like a start.</summary>
    internal async Task<IReadOnlyList<TaskRecord>> AdoptTicketAsync(
        StartOrder order, string[] fullQueues, string[] servedQueues, string? onlyQueue, CancellationToken cancellation)
    {
        await using var batch = SteadyBatch();
        Add(batch, AdoptTicketSql, order).With(fullQueues).With(servedQueues).WithText(onlyQueue);
        await using var rows = await ReadSteadyAsync(batch, cancellation);
        return await TaskColumns.ReadAllAsync(rows, cancellation);
    }

    private static Npgsql.NpgsqlParameterCollection Add(StoreBatch batch, string sql, in StartOrder order) =>
        batch.Add(sql).With(order.Begin).With(order.Executor.Value).With(order.Lease).With(order.Key).With(order.TakesSuspects);

    /// <summary>Claims more tasks; when there are fewer than enough, marks the executor as hungry.</summary>
    internal Task<ClaimedTasks> ClaimMoreAsync(
        RunningTicket ticket, ClaimOrder order, TimeSpan lease, TimeSpan hungry, CancellationToken cancellation) =>
        ClaimAsync(ticket.QueueName, look => ClaimMoreAsync(ticket, order, lease, hungry, look, cancellation), cancellation);

    private async Task<ClaimedTasks> ClaimMoreAsync(
        RunningTicket ticket, ClaimOrder order, TimeSpan lease, TimeSpan hungry, ClaimLook look, CancellationToken cancellation)
    {
        await using var batch = ClaimBatch(ticket.QueueName, look);
        batch.Add(ClaimMoreSql).With(ticket.QueueName).With((long)order.Size).With(look.Due).With(look.Ids).With(ticket.Id.Value).With(ticket.Executor.Value)
            .With(lease).With(hungry).With(order.LastPlace).With(order.Begin).With((long)order.Enough)
            .With(look.TakesTurn).With(order.Looked).With(order.Others.NotOf).With(order.Others.WithSuspects);
        await using var rows = await ReadSteadyAsync(batch, cancellation, look);
        List<TaskRecord> tasks = [];
        var nothingIsLeft = true;
        while (await rows.ReadAsync(cancellation))
        {
            // Who had the turn may have ended between the two statements.
            look.HadNoTurn = false;
            nothingIsLeft = rows.GetBoolean(rows.FieldCount - 1);
            if (rows.IsDBNull(0))
            {
                look.Missed = true;
                break;
            }

            var task = TaskColumns.Read(rows);
            look.Took(task.Priority, task.DueAt, task.Id.Value, 1);
            tasks.Add(task);
        }

        look.WasFilled = tasks.Count >= order.Size;
        tasks.Sort(TaskRecord.ByPlace);
        return new ClaimedTasks(tasks, nothingIsLeft);
    }

    /// <summary>Notes, before it is so, that tasks up to <paramref name="place"/> are begun: a crash then costs the others nothing.</summary>
    /// <returns>False when the ticket is in other hands.</returns>
    internal async Task<bool> BeginAsync(RunningTicket ticket, int place, CancellationToken cancellation)
    {
        await using var command = Command(BeginSql);
        command.Parameters.With(ticket.Id.Value).With(ticket.Executor.Value).With(place);
        return await command.ExecuteNonQueryAsync(cancellation) > 0;
    }

    /// <summary>Of what was cleared through place <paramref name="last"/>, nothing behind <paramref name="through"/> is begun.</summary>
    internal async Task TakeBackBeginAsync(RunningTicket ticket, int through, int last, CancellationToken cancellation)
    {
        await using var command = Command(TakeBackBeginSql);
        command.Parameters.With(ticket.Id.Value).With(ticket.Executor.Value).With(through).With(last);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Tasks of the ticket that came after a place, none when it is in other hands; and how often it has been looked at. No claim that was sent before comes true any more.</summary>
    internal async Task<(IReadOnlyList<TaskRecord> Tasks, int Looked)> TasksBehindAsync(RunningTicket ticket, int place, CancellationToken cancellation)
    {
        await using var batch = NewBatch();
        batch.Add(LookSql).With(ticket.Id.Value).With(ticket.Executor.Value);
        batch.Add(TasksBehindSql).With(ticket.Id.Value).With(ticket.Executor.Value).With(place);
        await using var rows = await batch.ExecuteReaderAsync(cancellation);
        var looked = await rows.ReadAsync(cancellation) ? rows.GetInt32(0) : 0;
        await rows.NextResultAsync(cancellation);
        return (await TaskColumns.ReadAllAsync(rows, cancellation), looked);
    }

    /// <summary>The executor takes no more into this ticket.</summary>
    internal async Task EndHungerAsync(RunningTicket ticket, CancellationToken cancellation)
    {
        await using var command = Command(EndHungerSql);
        command.Parameters.With(ticket.Id.Value).With(ticket.Executor.Value);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>True when such a ticket waits for an executor: who has nothing to do should make room for it.</summary>
    internal async Task<bool> TicketsWaitAsync(TicketChoice tickets, CancellationToken cancellation)
    {
        await using var command = Command(TicketsWaitSql);
        command.Parameters.With(tickets.NotOf).With(tickets.WithSuspects);
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>True when nothing is lost if this executor, which has nothing to do, goes: another one waits for the same work, or such a ticket for its place.</summary>
    internal async Task<bool> IsNotNeededAsync(RunningTicket ticket, TicketChoice tickets, CancellationToken cancellation)
    {
        await using var command = Command(IsNotNeededSql);
        command.Parameters.With(tickets.NotOf).With(tickets.WithSuspects).With(ticket.QueueName).With(ticket.Id.Value);
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>The ticket's work is done. A ticket that still holds tasks stays, and its lease will end.</summary>
    internal async Task CloseTicketAsync(TicketId ticket, CancellationToken cancellation)
    {
        // One after the other: the later must not judge by what was there before a claim into this ticket let go of its lock.
        await using var batch = NewBatch();
        foreach (var sql in (ReadOnlySpan<string>)[LockTicketSql, DropEmptyClaimsSql, CloseTicketSql])
        {
            batch.Add(sql).With(ticket.Value);
        }

        await batch.ExecuteNonQueryAsync(cancellation);
    }
}
