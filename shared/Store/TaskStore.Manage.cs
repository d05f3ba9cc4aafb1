using Millrace.Lifecycle;
using Millrace.Store.Rows;

namespace Millrace.Store;

/// <summary>Changes to tasks that nobody runs. What a ticket holds is never touched.</summary>
internal sealed partial class TaskStore
{
    /// <summary>The version is the row's xmin; $2 null takes any.</summary>
    internal const string EditSql = """
        WITH live AS MATERIALIZED (
            SELECT t.id, EXISTS (SELECT FROM claim_of(t.queue_name, t.due_at, t.id)) AS claimed, t.xmin::text AS version FROM tasks t WHERE t.id = $1
        ), edited AS (
            UPDATE tasks t SET data = coalesce($3::json, t.data), priority = coalesce($4::smallint, t.priority),
                               due_at = coalesce($5::timestamptz, now() + make_interval(secs => $6::float8), t.due_at)
            FROM live WHERE t.id = live.id AND NOT live.claimed AND ($2::text IS NULL OR live.version = $2)
            RETURNING t.id
        )
        SELECT CASE WHEN EXISTS (SELECT FROM edited) THEN 1
                    WHEN EXISTS (SELECT FROM live WHERE claimed) THEN 2
                    WHEN EXISTS (SELECT FROM live) THEN 3 ELSE 0 END
        """;

    /// <summary>Never lowers a priority.</summary>
    internal const string BoostSql = """
        WITH boosted AS (
            UPDATE tasks t SET priority = $2
            WHERE t.id = ANY ($1) AND t.priority < $2 AND NOT EXISTS (SELECT FROM claim_of(t.queue_name, t.due_at, t.id))
            RETURNING t.queue_name
        )
        SELECT queue_name, count(*) FROM boosted GROUP BY 1
        """;

    /// <summary>Counted for the queue that it leaves; the label is the queue that gets it.</summary>
    internal const string MoveSql = """
        WITH live AS MATERIALIZED (
            SELECT t.id, t.queue_name FROM tasks t
            WHERE t.id = ANY ($1) AND t.queue_name <> $2 AND NOT EXISTS (SELECT FROM claim_of(t.queue_name, t.due_at, t.id))
        ), moved AS (
            UPDATE tasks t SET queue_name = $2 FROM live WHERE t.id = live.id RETURNING live.queue_name AS left_queue, t.type
        ), known AS (
            INSERT INTO queues (name) SELECT $2 WHERE EXISTS (SELECT FROM moved) ON CONFLICT DO NOTHING
        ), counted AS (
            INSERT INTO counter_deltas (queue_name, type, event, label, count)
            SELECT left_queue, type, 'moved', $2, count(*) FROM moved GROUP BY 1, 2
        )
        SELECT $2, count(*) FROM moved HAVING count(*) > 0
        """;

    /// <summary>
    /// Finished tasks back to the live ones, due now. The attempt that they ended with goes to their history; their result goes.
    /// Counted for the queue that it leaves; the label is the queue that gets it.
    /// </summary>
    internal const string RerunSql = """
        WITH found AS MATERIALIZED (
            SELECT id, finished_at FROM finished_tasks WHERE id = ANY ($1) ORDER BY id FOR UPDATE
        ), gone AS (
            DELETE FROM finished_tasks f USING found WHERE f.id = found.id AND f.finished_at = found.finished_at
            RETURNING f.*, coalesce($2::text, queue_name) AS next_queue
        ), back AS (
            INSERT INTO tasks (id, created_at, due_at, expires_at, timeout_seconds, retry_delay_seconds, retry_backoff,
                               max_retry_delay_seconds, priority, max_retries, replays, queue_name, type, data, context, tags,
                               traceparent, external_id, result_ttl_seconds, history)
            SELECT id, created_at, now(), CASE WHEN expires_at > now() THEN expires_at END, timeout_seconds, retry_delay_seconds,
                   retry_backoff, max_retry_delay_seconds, coalesce($3::smallint, priority), max_retries, least(replays + 1, 32767),
                   next_queue, type, coalesce($4::json, data), context, tags, traceparent, external_id, result_ttl_seconds,
                   CASE WHEN started_at IS NULL THEN history ELSE history_with(history, jsonb_build_array(jsonb_strip_nulls(jsonb_build_object(
                       'attempt', attempts, 'replay', replays, 'outcome', outcome, 'executor_id', executor_id, 'started_at', started_at,
                       'ended_at', finished_at, 'run_ms', (extract(epoch FROM finished_at - started_at) * 1000)::bigint)))) END
            FROM gone
        ), anew AS (
            DELETE FROM crash_parts WHERE task_id IN (SELECT id FROM gone)
        ), known AS (
            INSERT INTO queues (name) SELECT DISTINCT next_queue FROM gone ORDER BY 1 ON CONFLICT DO NOTHING
        ), counted AS (
            INSERT INTO counter_deltas (queue_name, type, event, label, count)
            SELECT queue_name, type, 'rerun', next_queue, count(*) FROM gone GROUP BY 1, 2, 4
        )
        SELECT next_queue, count(*) FROM gone GROUP BY 1
        """;

    /// <summary>Changes a task that waits, when it is still the version that the caller has seen.</summary>
    /// <param name="id">The task.</param>
    /// <param name="version">The row's version; null takes any.</param>
    /// <param name="edit">What changes.</param>
    /// <param name="cancellation">Ends the wait.</param>
    internal async Task<EditEffect> EditAsync(TaskId id, string? version, TaskEdit edit, CancellationToken cancellation)
    {
        await using var batch = LockedBatch([id]);
        batch.Add(EditSql).With(id.Value).WithText(version).WithJson(edit.Data).With(edit.Priority).WithTime(edit.ScheduledAt).With(edit.DelaySeconds);
        await using var rows = await batch.ExecuteReaderAsync(cancellation);
        await rows.NextResultAsync(cancellation);
        await rows.ReadAsync(cancellation);
        marks.Forget();
        return (EditEffect)rows.GetInt32(0);
    }

    /// <summary>Raises the priority of tasks that wait. Returns how many of which queue had a lower one.</summary>
    internal async Task<IReadOnlyList<QueueCount>> BoostAsync(IReadOnlyList<TaskId> ids, short priority, CancellationToken cancellation)
    {
        await using var batch = LockedBatch(ids);
        batch.Add(BoostSql).With(Column(ids, static id => id.Value)).With(priority);
        return await ReadLockedCountsAsync(batch, cancellation);
    }

    /// <summary>Moves tasks that wait to another queue. Returns how many it got.</summary>
    internal async Task<IReadOnlyList<QueueCount>> MoveAsync(IReadOnlyList<TaskId> ids, string queueName, CancellationToken cancellation)
    {
        await using var batch = LockedBatch(ids);
        batch.Add(MoveSql).With(Column(ids, static id => id.Value)).With(queueName);
        return await ReadLockedCountsAsync(batch, cancellation);
    }

    /// <summary>Makes finished tasks live again. What is none is passed over.</summary>
    /// <returns>How many came into which queue.</returns>
    internal Task<IReadOnlyList<QueueCount>> RerunAsync(IReadOnlyList<TaskId> ids, Revival how, CancellationToken cancellation) =>
        ReviveAsync(RerunSql, ids, how, cancellation);

    private async Task<IReadOnlyList<QueueCount>> ReviveAsync(string sql, IReadOnlyList<TaskId> ids, Revival how, CancellationToken cancellation)
    {
        await using var command = Command(sql);
        command.Parameters.With(Column(ids, static id => id.Value)).WithText(how.QueueName).With(how.Priority).WithJson(how.Data);
        return await ReadQueueCountsAsync(command, cancellation);
    }

    private static QueueCount ReadQueueCount(StoreReader row) => new(row.GetString(0), row.GetInt64(1));

    private static async Task<IReadOnlyList<QueueCount>> ReadQueueCountsAsync(StoreBatch command, CancellationToken cancellation)
    {
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        return await ReadAllAsync(rows, ReadQueueCount, cancellation);
    }
}
