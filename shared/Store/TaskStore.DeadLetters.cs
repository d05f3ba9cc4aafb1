using Millrace.Lifecycle;
using Millrace.Store.Rows;

namespace Millrace.Store;

internal sealed partial class TaskStore
{
    /// <summary>
    /// Back to the live tasks, due now, with all its attempts. Its deadline is lifted when that has passed: who retries wants it
    /// to run. Counted for the queue that it leaves; the label is the queue that gets it.
    /// </summary>
    internal const string RetryDeadLettersSql = """
        WITH found AS MATERIALIZED (
            SELECT id FROM dead_letters WHERE id = ANY ($1) ORDER BY id FOR UPDATE
        ), gone AS (
            DELETE FROM dead_letters d USING found WHERE d.id = found.id RETURNING d.*, coalesce($2::text, queue_name) AS next_queue
        ), back AS (
            INSERT INTO tasks (id, created_at, due_at, expires_at, timeout_seconds, retry_delay_seconds, retry_backoff,
                               max_retry_delay_seconds, priority, max_retries, replays, queue_name, type, data, context, tags,
                               traceparent, history, external_id, result_ttl_seconds)
            SELECT id, created_at, now(), CASE WHEN expires_at > now() THEN expires_at END, timeout_seconds, retry_delay_seconds,
                   retry_backoff, max_retry_delay_seconds, coalesce($3::smallint, priority), max_retries, least(replays + 1, 32767),
                   next_queue, type, coalesce($4::json, data), context, tags, traceparent, history, external_id, result_ttl_seconds
            FROM gone
        ), anew AS (
            DELETE FROM crash_parts WHERE task_id IN (SELECT id FROM gone)
        ), known AS (
            INSERT INTO queues (name) SELECT DISTINCT next_queue FROM gone ORDER BY 1 ON CONFLICT DO NOTHING
        ), counted AS (
            INSERT INTO counter_deltas (queue_name, type, event, label, count)
            SELECT queue_name, type, 'replayed', next_queue, count(*) FROM gone GROUP BY 1, 2, 4
        )
        SELECT next_queue, count(*) FROM gone GROUP BY 1
        """;

    /// <summary>With their keys: what was deleted may be submitted anew.</summary>
    internal const string DeleteDeadLettersSql = """
        WITH found AS MATERIALIZED (
            SELECT id FROM dead_letters WHERE id = ANY ($1) ORDER BY id FOR UPDATE
        ), gone AS (
            DELETE FROM dead_letters d USING found WHERE d.id = found.id RETURNING d.id, queue_name, type, reason
        ), counted AS (
            INSERT INTO counter_deltas (queue_name, type, event, label, count)
            SELECT queue_name, type, 'deleted', reason::text, count(*) FROM gone GROUP BY 1, 2, 4
        ), forgotten AS (
            DELETE FROM idempotency_keys i USING gone WHERE i.task_id = gone.id
        )
        SELECT queue_name, count(*) FROM gone GROUP BY 1
        """;

    internal const string DeadLettersSql = $"""
        SELECT {InspectColumns.Dead} FROM dead_letters d WHERE d.id = ANY ($1) ORDER BY d.id DESC
        """;

    internal const string CountDeadLettersSql = """
        SELECT count(*) FROM dead_letters
        WHERE ($1::text IS NULL OR type = $1) AND ($2::text IS NULL OR queue_name = $2) AND ($3::text IS NULL OR fingerprint = $3)
              AND ($4::text IS NULL OR external_id = $4)
        """;

    /// <summary>Makes dead letters live tasks again. What is none is passed over.</summary>
    /// <returns>How many came into which queue.</returns>
    internal Task<IReadOnlyList<QueueCount>> RetryDeadLettersAsync(IReadOnlyList<TaskId> ids, Revival how, CancellationToken cancellation) =>
        ReviveAsync(RetryDeadLettersSql, ids, how, cancellation);

    /// <summary>Removes dead letters for good. Returns how many there were.</summary>
    internal async Task<long> DeleteDeadLettersAsync(IReadOnlyList<TaskId> ids, CancellationToken cancellation)
    {
        await using var command = Command(DeleteDeadLettersSql);
        command.Parameters.With(Column(ids, static id => id.Value));
        return (await ReadQueueCountsAsync(command, cancellation)).Sum(static one => one.Count);
    }

    /// <summary>Dead letters, whole, newest first.</summary>
    internal async Task<IReadOnlyList<StoredTask>> DeadLettersAsync(IReadOnlyList<TaskId> ids, CancellationToken cancellation)
    {
        await using var command = Command(DeadLettersSql);
        command.Parameters.With(Column(ids, static id => id.Value));
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        return await ReadAllAsync(rows, InspectColumns.Read, cancellation);
    }

    /// <summary>How many match what indexes know; the rest of the filter does not count.</summary>
    internal async Task<long> CountDeadLettersAsync(TaskFilter filter, CancellationToken cancellation)
    {
        await using var command = Command(CountDeadLettersSql);
        command.Parameters.WithText(filter.Type).WithText(filter.QueueName).WithText(filter.Fingerprint).WithText(filter.ExternalId);
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
