using System.Text.Json;
using Millrace.Store.Rows;
using Npgsql;

namespace Millrace.Store;

internal sealed partial class TaskStore
{
    /// <summary>So many of the queues that starve are named.</summary>
    private const int MostStarving = 5;

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

    /// <summary>
    /// Queues that are not paused, with how long their oldest due task has waited for a start: claimed by nobody, or in a ticket that nobody has started. Those that
    /// nothing comes of go first: nothing of them has ended within $1, and no ticket of theirs has been started within ten times as long. A ticket may run for
    /// longer, for its handlers never end. Up to $2 rows; the last columns are about all of them: the longest wait, how many that nothing comes of have waited
    /// for longer than $1, and the longest wait of those of which nothing runs.
    /// </summary>
    internal const string WaitingQueuesSql = $"""
        WITH RECURSIVE {Places}, taken AS MATERIALIZED (
            {ClaimedIds}
        ), oldest AS (
            SELECT p.queue_name, d.due_at
            FROM places p CROSS JOIN LATERAL (
                SELECT t.due_at FROM tasks t
                WHERE t.queue_name = p.queue_name AND t.priority = p.priority AND t.state = 'pending' AND t.crashes < 2 AND t.due_at <= now()
                  AND t.id NOT IN (SELECT id FROM taken)
                ORDER BY t.due_at, t.id LIMIT 1) AS d
            UNION ALL
            SELECT queue_name, min(due_at) FROM tasks
            WHERE state = 'pending' AND crashes > 1 AND due_at <= now() AND id NOT IN (SELECT id FROM taken) GROUP BY 1
            UNION ALL
            SELECT k.queue_name, min(c.due_from) FROM tickets k JOIN claims c ON c.ticket_id = k.id WHERE k.started_at IS NULL GROUP BY 1
        ), worked AS MATERIALIZED (
            SELECT queue_name FROM tickets WHERE state = 'running' AND started_at > now() - 10 * $1::interval
            UNION
            SELECT queue_name FROM counter_deltas
            WHERE minute >= date_trunc('minute', now() - $1::interval) AND event IN ('succeeded', 'retried', 'failed')
            UNION
            SELECT queue_name FROM counters
            WHERE minute >= date_trunc('minute', now() - $1::interval) AND event IN ('succeeded', 'retried', 'failed')
        ), waiting AS (
            SELECT queue_name, now() - min(due_at) AS waits, queue_name IN (SELECT queue_name FROM worked) AS is_worked
            FROM oldest WHERE queue_name NOT IN (SELECT name FROM queues WHERE paused) GROUP BY 1
        )
        SELECT queue_name, extract(epoch FROM waits)::float8, NOT is_worked AND waits > $1::interval,
               extract(epoch FROM max(waits) OVER ())::float8, count(*) FILTER (WHERE NOT is_worked AND waits > $1::interval) OVER (),
               extract(epoch FROM max(waits) FILTER (WHERE NOT is_worked AND queue_name NOT IN (SELECT queue_name FROM tickets WHERE state = 'running')) OVER ())::float8
        FROM waiting ORDER BY is_worked, waits DESC, queue_name LIMIT $2
        """;

    internal const string VitalsSql = $"""
        SELECT (SELECT coalesce(sum(capacity), 0)::bigint FROM executors WHERE status <> 'stopped' AND last_heartbeat >= now() - $1::interval),
               (SELECT coalesce(sum(current_load), 0)::bigint FROM executors WHERE status <> 'stopped' AND last_heartbeat >= now() - $1::interval),
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

    /// <param name="limits">What is late.</param>
    /// <param name="cancellation">Stops the read.</param>
    internal async Task<PipelineVitals> VitalsAsync(VitalLimits limits, CancellationToken cancellation)
    {
        await using var batch = NewBatch();
        batch.Add(WaitingQueuesSql).With(limits.Waiting).With((long)MostStarving);
        batch.Add(VitalsSql).With(limits.Lost).With(limits.Unhealed).With(limits.Overtime);
        await using var rows = await batch.ExecuteReaderAsync(cancellation);
        var waiting = await ReadAllAsync(
            rows,
            static row => (
                Queue: new WaitingQueue(row.GetString(0), row.GetDouble(1)), Starves: row.GetBoolean(2), Longest: row.GetDouble(3),
                Starving: row.GetInt64(4), LongestOfNone: Seconds(row, 5)),
            cancellation);
        await rows.NextResultAsync(cancellation);
        await rows.ReadAsync(cancellation);
        return new PipelineVitals(
            waiting.Count == 0 ? null : waiting[0].Longest, rows.GetInt64(2), Seconds(rows, 3), Seconds(rows, 4), rows.GetInt64(5), rows.GetInt64(6), rows.GetInt64(7))
        {
            Starving = [.. waiting.Where(static one => one.Starves).Select(static one => one.Queue)],
            StarvingQueues = waiting.Count == 0 ? 0 : waiting[0].Starving,
            StarvingSeconds = waiting.Count == 0 ? null : waiting[0].LongestOfNone,
            Capacity = rows.GetInt64(0),
            Load = rows.GetInt64(1),
        };
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

    private static ExecutorRow ReadExecutor(StoreReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetInt32(2), row.GetString(3), row.GetString(4), row.GetInt32(5), row.GetInt32(6),
        row.GetDateTime(7), row.GetDateTime(8), row.GetInt64(9), row.GetInt64(10),
        JsonSerializer.Deserialize(row.GetFieldValue<byte[]>(11), StoreJson.Default.DictionaryStringInt64)!);

    private static double? Seconds(StoreReader row, int column) => row.IsDBNull(column) ? null : row.GetDouble(column);
}
