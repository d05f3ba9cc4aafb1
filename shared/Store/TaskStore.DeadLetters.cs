using Millrace.Lifecycle;

namespace Millrace.Store;

internal sealed partial class TaskStore
{
    /// <summary>
    /// Back to the live tasks, due now, with all its attempts. Its deadline is lifted when that has passed: who retries wants it
    /// to run. Counted for the queue that it leaves; the label is the queue that gets it.
    /// </summary>
    internal const string RetryDeadLetterSql = """
        WITH gone AS (
            DELETE FROM dead_letters WHERE id = $1 RETURNING *, coalesce($2::text, queue_name) AS next_queue
        ), back AS (
            INSERT INTO tasks (id, created_at, due_at, expires_at, timeout_seconds, retry_delay_seconds, retry_backoff,
                               max_retry_delay_seconds, priority, max_retries, replays, queue_name, type, data, context, tags,
                               traceparent, history)
            SELECT id, created_at, now(), CASE WHEN expires_at > now() THEN expires_at END, timeout_seconds, retry_delay_seconds,
                   retry_backoff, max_retry_delay_seconds, coalesce($3::smallint, priority), max_retries, least(replays + 1, 32767),
                   next_queue, type, data, context, tags, traceparent, history
            FROM gone
        ), known AS (
            INSERT INTO queues (name) SELECT next_queue FROM gone ON CONFLICT DO NOTHING
        ), counted AS (
            INSERT INTO counter_deltas (queue_name, type, event, label, count)
            SELECT queue_name, type, 'replayed', next_queue, 1 FROM gone
        )
        SELECT next_queue FROM gone
        """;

    internal const string DeleteDeadLetterSql = """
        WITH gone AS (
            DELETE FROM dead_letters WHERE id = $1 RETURNING queue_name, type, reason
        ), counted AS (
            INSERT INTO counter_deltas (queue_name, type, event, label, count)
            SELECT queue_name, type, 'deleted', reason::text, 1 FROM gone
        )
        SELECT count(*)::integer FROM gone
        """;

    internal const string CountDeadLettersSql = """
        SELECT count(*) FROM dead_letters WHERE ($1::text IS NULL OR type = $1) AND ($2::text IS NULL OR queue_name = $2)
        """;

    /// <summary>Makes a dead letter a live task again.</summary>
    /// <returns>The queue that it waits in now; null when there is no such dead letter.</returns>
    internal async Task<string?> RetryDeadLetterAsync(TaskId id, string? queueName, short? priority, CancellationToken cancellation)
    {
        await using var command = Command(RetryDeadLetterSql);
        command.Parameters.With(id.Value).WithText(queueName).With(priority);
        return (string?)await command.ExecuteScalarAsync(cancellation);
    }

    /// <summary>Removes a dead letter for good. False when there is none.</summary>
    internal async Task<bool> DeleteDeadLetterAsync(TaskId id, CancellationToken cancellation)
    {
        await using var command = Command(DeleteDeadLetterSql);
        command.Parameters.With(id.Value);
        return (int)(await command.ExecuteScalarAsync(cancellation))! > 0;
    }

    internal async Task<long> CountDeadLettersAsync(string? type, string? queueName, CancellationToken cancellation)
    {
        await using var command = Command(CountDeadLettersSql);
        command.Parameters.WithText(type).WithText(queueName);
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
