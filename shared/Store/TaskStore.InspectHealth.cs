using System.Text.Json;
using Millrace.Store.Rows;
using Npgsql;

namespace Millrace.Store;

internal sealed partial class TaskStore
{
    /// <summary>
    /// Executors that speak, the longest living first, then the others; of the silent ones those that spoke within $2. Silent without a goodbye is lost. $3 is
    /// one of them, or null.
    /// </summary>
    internal const string ExecutorsSql = """
        SELECT e.id, e.host, e.process_id, e.version,
               CASE WHEN e.status <> 'stopped' AND e.last_heartbeat < now() - $1::interval THEN 'lost' ELSE e.status END,
               e.capacity, e.current_load, e.started_at, e.last_heartbeat, h.tickets, h.tasks, e.errors
        FROM executors e CROSS JOIN LATERAL (
            SELECT count(*) AS tickets, coalesce(sum(n.tasks), 0)::bigint AS tasks
            FROM tickets k CROSS JOIN LATERAL (SELECT sum(c.remaining) AS tasks FROM claims c WHERE c.ticket_id = k.id) AS n
            WHERE k.executor_id = e.id) AS h
        WHERE CASE WHEN $3::uuid IS NULL THEN e.last_heartbeat >= now() - greatest($1::interval, $2::interval) ELSE e.id = $3 END
        ORDER BY e.status = 'stopped' OR e.last_heartbeat < now() - $1::interval, e.started_at, e.id
        """;

    internal const string VitalsSql = $"""
        WITH taken AS MATERIALIZED (
            {ClaimedIds}
        )
        SELECT (SELECT extract(epoch FROM now() - min(d.due_at))::float8
                FROM queues q CROSS JOIN generate_series(1, 10) AS p (priority) CROSS JOIN LATERAL (
                    (SELECT due_at FROM tasks WHERE queue_name = q.name AND state = 'pending' AND crashes < 2
                       AND priority = p.priority::smallint AND due_at <= now() AND id NOT IN (SELECT id FROM taken) ORDER BY due_at LIMIT 1)
                    UNION ALL
                    (SELECT due_at FROM tasks WHERE queue_name = q.name AND state = 'pending' AND crashes > 1
                       AND p.priority = 1 AND due_at <= now() AND id NOT IN (SELECT id FROM taken) ORDER BY due_at LIMIT 1)) AS d
                WHERE NOT q.paused),
               (SELECT count(*) FROM executors WHERE status <> 'stopped' AND last_heartbeat >= now() - $1::interval),
               (SELECT extract(epoch FROM now() - last_run)::float8 FROM passes WHERE stage = 'dispatch'),
               (SELECT extract(epoch FROM now() - last_run)::float8 FROM passes WHERE stage = 'heal'),
               (SELECT count(*) FROM tickets WHERE lease_until < now() - $2::interval),
               (SELECT count(*) FROM {ClaimedTasks}
                WHERE k.started_at < now() - $3::interval
                  AND greatest(k.started_at, t.due_at) < now() - $3::interval - make_interval(secs => t.timeout_seconds)),
               (SELECT coalesce(sum(c.remaining), 0)::bigint FROM claims c WHERE NOT EXISTS (SELECT FROM tickets k WHERE k.id = c.ticket_id))
        """;

    internal const string ServerSql = """
        SELECT current_setting('server_version'), count(*), count(*) FILTER (WHERE state = 'active'),
               current_setting('max_connections')::integer, pg_postmaster_start_time()
        FROM pg_stat_activity WHERE backend_type = 'client backend'
        """;

    /// <param name="lostAfter">Silence after which an executor counts as lost.</param>
    /// <param name="shownFor">How long a lost one is still shown.</param>
    /// <param name="cancellation">Stops the read.</param>
    internal async Task<IReadOnlyList<ExecutorRow>> ExecutorsAsync(TimeSpan lostAfter, TimeSpan shownFor, CancellationToken cancellation)
    {
        await using var batch = NewBatch();
        AddExecutors(batch, lostAfter, shownFor, null);
        await using var rows = await batch.ExecuteReaderAsync(cancellation);
        return await ReadAllAsync(rows, ReadExecutor, cancellation);
    }

    /// <summary>One executor, however long it has been silent; null when it never spoke.</summary>
    internal async Task<ExecutorRow?> FindExecutorAsync(Guid id, TimeSpan lostAfter, CancellationToken cancellation)
    {
        await using var batch = NewBatch();
        AddExecutors(batch, lostAfter, TimeSpan.Zero, id);
        await using var rows = await batch.ExecuteReaderAsync(cancellation);
        return await rows.ReadAsync(cancellation) ? ReadExecutor(rows) : null;
    }

    /// <param name="lostAfter">Silence after which an executor does not count any more.</param>
    /// <param name="unhealed">How long a lease may have ended without a healer.</param>
    /// <param name="overtime">How long a task may run beyond its time-out.</param>
    /// <param name="cancellation">Stops the read.</param>
    internal async Task<PipelineVitals> VitalsAsync(
        TimeSpan lostAfter, TimeSpan unhealed, TimeSpan overtime, CancellationToken cancellation)
    {
        await using var command = Command(VitalsSql);
        command.Parameters.With(lostAfter).With(unhealed).With(overtime);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        await rows.ReadAsync(cancellation);
        return new PipelineVitals(
            Seconds(rows, 0), rows.GetInt64(1), Seconds(rows, 2), Seconds(rows, 3), rows.GetInt64(4), rows.GetInt64(5), rows.GetInt64(6));
    }

    internal async Task<ServerVitals> ServerAsync(CancellationToken cancellation)
    {
        await using var command = Command(ServerSql);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        await rows.ReadAsync(cancellation);
        return new ServerVitals(
            rows.GetString(0), rows.GetInt64(1), rows.GetInt64(2), rows.GetInt32(3),
            new NpgsqlConnectionStringBuilder(database.ConnectionString).MaxPoolSize, rows.GetDateTime(4));
    }

    private static void AddExecutors(StoreBatch batch, TimeSpan lostAfter, TimeSpan shownFor, Guid? id) =>
        batch.Add(ExecutorsSql).With(lostAfter).With(shownFor).WithId(id);

    private static ExecutorRow ReadExecutor(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetInt32(2), row.GetString(3), row.GetString(4), row.GetInt32(5), row.GetInt32(6),
        row.GetDateTime(7), row.GetDateTime(8), row.GetInt64(9), row.GetInt64(10),
        JsonSerializer.Deserialize(row.GetFieldValue<byte[]>(11), StoreJson.Default.DictionaryStringInt64)!);

    private static double? Seconds(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDouble(column);
}
