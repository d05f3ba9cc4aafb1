using Millrace.Lifecycle;
using Millrace.Store.Rows;
using Npgsql;

namespace Millrace.Store;

/// <summary>What an executor says while it runs: that it lives, that its tickets are its own, and what its handlers report.</summary>
internal sealed partial class TaskStore
{
    internal const string KeepTicketsSql = """
        UPDATE tickets SET lease_until = now() + $3 WHERE id = ANY ($1) AND executor_id = $2 AND state = 'running' RETURNING id
        """;

    /// <summary>Of all executors: there are few.</summary>
    internal const string CancelRequestsSql = "SELECT id FROM tasks WHERE cancel_requested";

    internal const string BeatSql = """
        INSERT INTO executors (id, host, process_id, version, status, capacity, current_load, errors)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (id) DO UPDATE SET status = excluded.status, capacity = excluded.capacity,
            current_load = excluded.current_load, errors = excluded.errors, last_heartbeat = now()
        """;

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
    /// One heartbeat for all tickets of an executor. Synchronous, for it runs on a thread of its own: handlers that block
    /// every pool thread must not cost the lease.
    /// </summary>
    internal Heartbeat Beat(ExecutorCard card, long[] tickets, TimeSpan lease)
    {
        using var connection = database.OpenConnection();
        using var batch = new NpgsqlBatch(connection);
        var beat = Statement(BeatSql);
        beat.Parameters.With(card.Id.Value).With(card.Host).With(card.ProcessId).With(card.Version)
            .With(card.Status).With(card.Capacity).With(card.CurrentLoad).WithJsonb(card.Errors);
        var keep = Statement(KeepTicketsSql);
        keep.Parameters.With(tickets).With(card.Id.Value).With(lease);
        var cancels = Statement(CancelRequestsSql);
        batch.BatchCommands.Add(keep);
        batch.BatchCommands.Add(cancels);
        batch.BatchCommands.Add(beat);
        using var rows = batch.ExecuteReader();
        HashSet<long> held = [];
        while (rows.Read())
        {
            held.Add(rows.GetInt64(0));
        }

        rows.NextResult();
        HashSet<TaskId> cancelled = [];
        while (rows.Read())
        {
            cancelled.Add(new TaskId(rows.GetGuid(0)));
        }

        return new Heartbeat(held, cancelled);
    }

    /// <summary>Keeps what handlers reported, for tasks that their ticket still holds.</summary>
    internal async Task ReportAsync(IReadOnlyList<TaskReport> reports, IReadOnlyList<TaskLogLine> lines, CancellationToken cancellation)
    {
        await using var batch = database.CreateBatch();
        if (reports.Count > 0)
        {
            var progress = Statement(ProgressSql);
            progress.Parameters.With(Column(reports, static r => r.Task.Value)).With(Column(reports, static r => r.Ticket.Value))
                .WithJson(Column(reports, static r => (byte[]?)r.Progress));
            batch.BatchCommands.Add(progress);
        }

        if (lines.Count > 0)
        {
            var logs = Statement(LogsSql);
            logs.Parameters.With(Column(lines, static l => l.Task.Value)).With(Column(lines, static l => l.Ticket.Value))
                .With(Column(lines, static l => l.AgeMs)).With(Column(lines, static l => l.Attempt))
                .With(Column(lines, static l => l.Level)).With(Column(lines, static l => l.Message));
            batch.BatchCommands.Add(logs);
        }

        await batch.ExecuteNonQueryAsync(cancellation);
    }
}
