using Millrace.Lifecycle;
using Millrace.Store.Rows;

namespace Millrace.Store;

/// <summary>The columns of a task: those that an executor reads, and those that move with it from table to table.</summary>
internal static class TaskColumns
{
    /// <summary>In the order that <see cref="Read"/> expects; the ticket and the place in it follow.</summary>
    internal const string Claimed = """
        t.id, t.type, t.queue_name, t.attempts, t.crashes, t.cancel_requested, t.max_retries, t.retry_delay_seconds, t.retry_backoff,
        t.max_retry_delay_seconds, t.timeout_seconds, t.data, t.context, t.traceparent, t.priority, t.due_at
        """;

    /// <summary>What tasks, finished_tasks and dead_letters have in common, but for attempts, crashes and history, which a move changes.</summary>
    internal const string Moved = $"id, queue_name, type, {MovedBesides}";

    /// <summary>The same without what every move names itself.</summary>
    internal const string MovedBesides = """
        created_at, due_at, expires_at, timeout_seconds, retry_delay_seconds, retry_backoff, max_retry_delay_seconds,
        priority, max_retries, replays, data, context, tags, traceparent, progress, external_id, result_ttl_seconds
        """;

    internal static TaskRecord Read(StoreReader row) => new()
    {
        Id = new TaskId(row.GetGuid(0)),
        Type = row.GetString(1),
        QueueName = row.GetString(2),
        Claim = new ClaimedTask(
            row.GetInt16(3),
            row.GetInt16(4),
            row.GetBoolean(5),
            new RetryPolicy(row.GetInt16(6), row.GetFloat(7), row.GetFloat(8), row.GetFloat(9))),
        TimeoutSeconds = row.GetInt32(10),
        Data = row.GetFieldValue<byte[]>(11),
        Context = row.IsDBNull(12) ? null : row.GetFieldValue<byte[]>(12),
        TraceParent = row.IsDBNull(13) ? null : row.GetString(13),
        Priority = row.GetInt16(14),
        DueAt = row.GetDateTime(15),
        Ticket = new TicketId(row.GetInt64(16)),
        Place = row.GetInt32(17),
    };

    /// <summary>Every task of the reader's current result, in the order of their ticket: most urgent first.</summary>
    internal static async Task<IReadOnlyList<TaskRecord>> ReadAllAsync(StoreReader rows, CancellationToken cancellation)
    {
        List<TaskRecord>? tasks = null;
        while (await rows.ReadAsync(cancellation))
        {
            (tasks ??= []).Add(Read(rows));
        }

        tasks?.Sort(TaskRecord.ByPlace);
        return tasks ?? (IReadOnlyList<TaskRecord>)[];
    }
}
