using Millrace.Lifecycle;
using Millrace.Store.Rows;
using Npgsql;

namespace Millrace.Store;

/// <summary>What an executor says while it runs: that it lives, that its tickets are its own, and what its handlers report.</summary>
internal sealed partial class TaskStore
{
    /// <summary>
    /// Renews the leases of the tickets $1 that the executor still holds, and writes its card. Answers these tickets, those that somebody has locked, and the
    /// tasks of all executors whose cancel is requested: there are few. It waits for nobody: a session that hangs with one ticket must not cost the leases of
    /// the others. One statement, see <see cref="Beat"/>.
    /// </summary>
    internal const string BeatSql = """
        WITH mine AS MATERIALIZED (
            SELECT id FROM tickets WHERE id = ANY ($1) AND executor_id = $2 AND state = 'running' FOR NO KEY UPDATE SKIP LOCKED
        ), kept AS (
            UPDATE tickets k SET lease_until = now() + $3, spared = false FROM mine WHERE k.id = mine.id RETURNING k.id
        ), card AS (
            INSERT INTO executors (id, host, process_id, version, status, capacity, current_load, errors)
            VALUES ($2, $4, $5, $6, $7, $8, $9, $10)
            ON CONFLICT (id) DO UPDATE SET status = excluded.status, capacity = excluded.capacity,
                current_load = excluded.current_load, errors = excluded.errors, last_heartbeat = now()
        )
        SELECT id, true, NULL::uuid FROM kept
        UNION ALL SELECT id, false, NULL FROM tickets
                  WHERE id = ANY ($1) AND executor_id = $2 AND state = 'running' AND id NOT IN (SELECT id FROM mine)
        UNION ALL SELECT NULL, NULL, id FROM tasks WHERE cancel_requested
        """;

    /// <summary>The same for tickets that were locked. Claims lock theirs for a moment, so it waits a little.</summary>
    internal const string BeatLockedSql = """
        UPDATE tickets SET lease_until = now() + $3, spared = false WHERE id = ANY ($1) AND executor_id = $2 AND state = 'running' RETURNING id
        """;

    private const int LockedPatienceSeconds = 1;

    internal const string ProgressSql = """
        WITH held AS MATERIALIZED (
            SELECT t.id, p.progress
            FROM unnest($1::uuid[], $2::bigint[], $3::json[]) AS p (id, ticket_id, progress)
            JOIN tasks t ON t.id = p.id
            WHERE EXISTS (SELECT FROM claim_of(t.queue_name, t.due_at, t.id) AS c WHERE c.ticket_id = p.ticket_id)
            FOR NO KEY UPDATE OF t SKIP LOCKED
        )
        UPDATE tasks t SET progress = held.progress FROM held WHERE t.id = held.id
        """;

    /// <summary>In the order given, which seq keeps: a join alone would not.</summary>
    internal const string LogsSql = """
        INSERT INTO task_logs (task_id, logged_at, attempt, level, message)
        SELECT l.id, now() - make_interval(secs => l.age_ms / 1000.0), l.attempt, l.level, l.message
        FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::smallint[], $5::text[], $6::text[])
             WITH ORDINALITY AS l (id, ticket_id, age_ms, attempt, level, message, place)
        WHERE EXISTS (SELECT FROM tasks t, claim_of(t.queue_name, t.due_at, t.id) AS c WHERE t.id = l.id AND c.ticket_id = l.ticket_id)
        ORDER BY l.place
        """;

    /// <summary>
    /// One heartbeat for all tickets of an executor, on the caller's thread alone: handlers that block every pool thread must not cost the
    /// lease. So it sends one statement at a time, for Npgsql sends the second of a synchronous batch from the pool.
    /// </summary>
    internal Heartbeat Beat(ExecutorCard card, long[] tickets, TimeSpan lease)
    {
        try
        {
            using var connection = database.OpenConnection();
            var answer = Pinned(connection, () => Beat(connection, card, tickets, lease));
            sessions.Answered();
            return answer.Unknown.Count == 0 ? answer : BeatLocked(connection, card.Id, answer, lease);
        }
        catch (Exception exception) when (sessions.Saw(exception) is { } failure)
        {
            throw failure;
        }
    }

    private T Pinned<T>(NpgsqlConnection connection, Func<T> work)
    {
        var pins = sessions.Pins;
        if (pins.Count == 0)
        {
            return work();
        }

        Run(connection, StoreSessions.BeginPinned);
        Run(connection, $"SELECT {string.Join(", ", pins.Append(SessionDefault.ShortPauses).Select(static pin => pin.PinCall))}");
        var answer = work();
        Run(connection, "COMMIT");
        return answer;
    }

    private Heartbeat BeatLocked(NpgsqlConnection connection, ExecutorId executor, Heartbeat answer, TimeSpan lease)
    {
        try
        {
            HashSet<long> held = [.. answer.Held, .. Pinned(connection, () => RenewLocked(connection, executor, answer.Unknown, lease))];
            return answer with { Held = held, Unknown = new HashSet<long>() };
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            // What was renewed before is committed. The next beat asks again.
            return answer;
        }
    }

    private List<long> RenewLocked(NpgsqlConnection connection, ExecutorId executor, IReadOnlySet<long> tickets, TimeSpan lease)
    {
        costs.Add(CostKind.SqlStatements);
        using var beat = new NpgsqlCommand(BeatLockedSql, connection) { CommandTimeout = LockedPatienceSeconds };
        beat.Parameters.With(tickets.ToArray()).With(executor.Value).With(lease);
        using var rows = beat.ExecuteReader();
        List<long> renewed = [];
        while (rows.Read())
        {
            renewed.Add(rows.GetInt64(0));
        }

        return renewed;
    }

    private Heartbeat Beat(NpgsqlConnection connection, ExecutorCard card, long[] tickets, TimeSpan lease)
    {
        costs.Add(CostKind.SqlStatements);
        using var beat = new NpgsqlCommand(BeatSql, connection);
        beat.Parameters.With(tickets).With(card.Id.Value).With(lease).With(card.Host).With(card.ProcessId).With(card.Version)
            .With(card.Status).With(card.Capacity).With(card.CurrentLoad).WithJsonb(card.Errors);
        using var rows = beat.ExecuteReader();
        HashSet<long> held = [];
        HashSet<long> locked = [];
        HashSet<TaskId> cancelled = [];
        while (rows.Read())
        {
            if (rows.IsDBNull(0))
            {
                cancelled.Add(new TaskId(rows.GetGuid(2)));
            }
            else
            {
                (rows.GetBoolean(1) ? held : locked).Add(rows.GetInt64(0));
            }
        }

        return new Heartbeat(held, locked, cancelled);
    }

    private static void Run(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    /// <summary>Keeps what handlers reported, for tasks that their ticket still holds.</summary>
    internal async Task ReportAsync(IReadOnlyList<TaskReport> reports, IReadOnlyList<TaskLogLine> lines, CancellationToken cancellation)
    {
        await using var batch = NewBatch();
        if (reports.Count > 0)
        {
            batch.Add(ProgressSql).With(Column(reports, static r => r.Task.Value)).With(Column(reports, static r => r.Ticket.Value))
                .WithJson(Column(reports, static r => (byte[]?)r.Progress));
        }

        if (lines.Count > 0)
        {
            batch.Add(LogsSql).With(Column(lines, static l => l.Task.Value)).With(Column(lines, static l => l.Ticket.Value))
                .With(Column(lines, static l => l.AgeMs)).With(Column(lines, static l => l.Attempt))
                .With(Column(lines, static l => l.Level)).With(Column(lines, static l => l.Message));
        }

        await batch.ExecuteNonQueryAsync(cancellation);
    }
}
