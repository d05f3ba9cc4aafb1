using Millrace.Lifecycle;
using Millrace.Store.Rows;
using Npgsql;

namespace Millrace.Store;

/// <summary>What a task has left: its result, and the lines that its handler logged.</summary>
internal sealed partial class TaskStore
{
    internal const string ResultSql = $"""
        SELECT s.id, s.state, s.result, CASE WHEN s.state = 'failed' THEN s.history -> -1 ->> 'error_type' END,
               CASE WHEN s.state = 'failed' THEN s.history -> -1 ->> 'error_message' END, s.finished_at
        FROM (SELECT {InspectColumns.Live} FROM {InspectColumns.LiveTasks} WHERE t.id = $1
              UNION ALL SELECT {InspectColumns.Finished} FROM finished_tasks f WHERE f.id = $1
              UNION ALL SELECT {InspectColumns.Dead} FROM dead_letters d WHERE d.id = $1
              LIMIT 1) AS s
        """;

    /// <summary>Of the tasks $1 those that are not live any more. One probe each of the live tasks' key; history is not touched.</summary>
    internal const string GoneSql = "SELECT w.id FROM unnest($1::uuid[]) AS w (id) WHERE NOT EXISTS (SELECT FROM tasks t WHERE t.id = w.id)";

    /// <summary>Lines of task $1 behind line $2, at most $3, of the levels $4; one row without a line when there is none. The first column says whether there is such a task.</summary>
    internal const string TaskLogsSql = """
        SELECT EXISTS (SELECT FROM tasks WHERE id = $1) OR EXISTS (SELECT FROM dead_letters WHERE id = $1)
               OR EXISTS (SELECT FROM finished_tasks WHERE id = $1),
               l.seq, l.logged_at, l.attempt, l.level, l.message
        FROM (VALUES (1)) AS one
        LEFT JOIN LATERAL (
            SELECT seq, logged_at, attempt, level, message FROM task_logs
            WHERE task_id = $1 AND seq > $2 AND ($4::text[] IS NULL OR level = ANY ($4))
            ORDER BY seq LIMIT $3) AS l ON true
        ORDER BY l.seq
        """;

    /// <summary>What came of the task; null when it is nowhere.</summary>
    internal async Task<StoredResult?> ResultAsync(TaskId id, CancellationToken cancellation)
    {
        await using var batch = SteadyBatch();
        batch.Add(ResultSql).With(id.Value);
        await using var rows = await ReadSteadyAsync(batch, cancellation);
        return await rows.ReadAsync(cancellation)
            ? new StoredResult(
                new TaskId(rows.GetGuid(0)), TaskStateWords.Parse(rows.GetString(1))!.Value, rows.IsDBNull(2) ? null : rows.GetFieldValue<byte[]>(2),
                rows.IsDBNull(3) ? null : rows.GetString(3), rows.IsDBNull(4) ? null : rows.GetString(4), rows.IsDBNull(5) ? null : rows.GetDateTime(5))
            : null;
    }

    /// <summary>Those that have ended, or are gone altogether.</summary>
    internal async Task<IReadOnlyList<TaskId>> GoneAsync(TaskId[] ids, CancellationToken cancellation)
    {
        await using var batch = SteadyBatch();
        batch.Add(GoneSql).With(Column(ids, static id => id.Value));
        await using var rows = await ReadSteadyAsync(batch, cancellation);
        return await ReadAllAsync(rows, static row => new TaskId(row.GetGuid(0)), cancellation);
    }

    /// <summary>A page of the task's lines, in the order they were written in; null when there is no such task.</summary>
    /// <param name="id">The task.</param>
    /// <param name="behind">The last line of the page before; 0 for the first page.</param>
    /// <param name="limit">The most lines.</param>
    /// <param name="levels">The levels that are shown; null for all.</param>
    /// <param name="cancellation">Stops the read.</param>
    internal async Task<IReadOnlyList<StoredLogLine>?> LogsAsync(
        TaskId id, long behind, int limit, string[]? levels, CancellationToken cancellation)
    {
        await using var batch = SteadyBatch();
        batch.Add(TaskLogsSql).With(id.Value).With(behind).With((long)limit).WithTexts(levels);
        await using var rows = await ReadSteadyAsync(batch, cancellation);
        List<StoredLogLine>? lines = null;
        while (await rows.ReadAsync(cancellation))
        {
            if (!rows.GetBoolean(0))
            {
                return null;
            }

            lines ??= [];
            if (!rows.IsDBNull(1))
            {
                lines.Add(new(rows.GetInt64(1), rows.GetDateTime(2), rows.GetInt16(3), rows.GetString(4), rows.GetString(5)));
            }
        }

        return lines;
    }
}
