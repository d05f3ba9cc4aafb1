using System.Text.Json;
using Millrace.Lifecycle;
using Millrace.Store.Rows;

namespace Millrace.Store;

/// <summary>The columns of a task as Inspect shows it: one list per table, all of the same shape, and the reader.</summary>
internal static class InspectColumns
{
    /// <summary>Live tasks, each with its claim and its ticket when it has one.</summary>
    internal const string LiveTasks = """
        tasks t LEFT JOIN LATERAL claim_of(t.queue_name, t.due_at, t.id) AS c ON true LEFT JOIN tickets k ON k.id = c.ticket_id
        """;

    /// <summary>Of <see cref="LiveTasks"/>.</summary>
    internal const string Live = $"""
        t.id, t.type, t.queue_name, {LiveState} AS state, t.priority, t.data, NULL::json AS result, t.context, t.progress, t.tags,
        t.created_at, t.due_at, t.expires_at,
        CASE WHEN k.started_at IS NOT NULL THEN greatest(k.started_at, t.created_at, t.due_at) END AS started_at,
        NULL::timestamptz AS finished_at, t.history, t.attempts, t.crashes, t.replays, t.max_retries, t.retry_delay_seconds,
        t.retry_backoff, t.max_retry_delay_seconds, t.timeout_seconds, k.executor_id, t.cancel_requested, k.id AS ticket_id,
        t.traceparent, NULL::text AS death_reason, t.external_id, t.result_ttl_seconds, NULL::timestamptz AS result_expires_at,
        NULL::text AS fingerprint, concat_ws('-', t.xmin::text, (extract(epoch FROM k.started_at) * 1000000)::bigint::text) AS version
        """;

    internal const string Finished = """
        f.id, f.type, f.queue_name, f.outcome::text AS state, f.priority, f.data,
        CASE WHEN f.result_expires_at IS NULL OR f.result_expires_at > now() THEN f.result END AS result, f.context, f.progress, f.tags,
        f.created_at, f.due_at, f.expires_at, f.started_at, f.finished_at, f.history, f.attempts, f.crashes, f.replays, f.max_retries,
        f.retry_delay_seconds, f.retry_backoff, f.max_retry_delay_seconds, f.timeout_seconds, f.executor_id,
        false AS cancel_requested, NULL::bigint AS ticket_id, f.traceparent, NULL::text AS death_reason, f.external_id, f.result_ttl_seconds,
        f.result_expires_at, NULL::text AS fingerprint, f.xmin::text AS version
        """;

    internal const string Dead = """
        d.id, d.type, d.queue_name, 'failed' AS state, d.priority, d.data, NULL::json AS result, d.context, d.progress, d.tags,
        d.created_at, d.due_at, d.expires_at, d.started_at, d.died_at AS finished_at, d.history, d.attempts, d.crashes, d.replays,
        d.max_retries, d.retry_delay_seconds, d.retry_backoff, d.max_retry_delay_seconds, d.timeout_seconds, d.executor_id,
        false AS cancel_requested, NULL::bigint AS ticket_id, d.traceparent, d.reason::text AS death_reason, d.external_id, d.result_ttl_seconds,
        NULL::timestamptz AS result_expires_at, d.fingerprint, d.xmin::text AS version
        """;

    /// <summary>The same of a subquery s, but only as much as a list needs: short JSON, and the last failure without its trace.</summary>
    internal const string Listed = """
        s.id, s.type, s.queue_name, s.state, s.priority,
        CASE WHEN pg_column_size(s.data) <= 4096 THEN s.data END, CASE WHEN pg_column_size(s.result) <= 4096 THEN s.result END,
        CASE WHEN pg_column_size(s.context) <= 4096 THEN s.context END, CASE WHEN pg_column_size(s.progress) <= 4096 THEN s.progress END,
        s.tags, s.created_at, s.due_at, s.expires_at, s.started_at, s.finished_at,
        CASE WHEN s.history IS NOT NULL THEN jsonb_build_array((s.history -> -1) - 'trace') END,
        s.attempts, s.crashes, s.replays, s.max_retries, s.retry_delay_seconds, s.retry_backoff, s.max_retry_delay_seconds,
        s.timeout_seconds, s.executor_id, s.cancel_requested, s.ticket_id, s.traceparent, s.death_reason, s.external_id, s.result_ttl_seconds,
        s.result_expires_at, s.fingerprint, s.version,
        array_remove(ARRAY[CASE WHEN pg_column_size(s.data) > 4096 THEN 'data' END, CASE WHEN pg_column_size(s.result) > 4096 THEN 'result' END,
                           CASE WHEN pg_column_size(s.context) > 4096 THEN 'context' END,
                           CASE WHEN pg_column_size(s.progress) > 4096 THEN 'progress' END], NULL)
        """;

    /// <summary>A row of nulls in the shape of <see cref="Listed"/>, under which a statement says something about the whole list.</summary>
    internal const string NothingListed = """
        NULL::uuid, NULL, NULL, NULL, NULL::smallint, NULL::json, NULL::json, NULL::json, NULL::json, NULL::text[], NULL::timestamptz,
        NULL::timestamptz, NULL::timestamptz, NULL::timestamptz, NULL::timestamptz, NULL::jsonb, NULL::smallint, NULL::smallint,
        NULL::smallint, NULL::smallint, NULL::real, NULL::real, NULL::real, NULL::integer, NULL::uuid, NULL::boolean, NULL::bigint,
        NULL, NULL, NULL, NULL::integer, NULL::timestamptz, NULL, NULL, NULL::text[]
        """;

    /// <summary>How a live row's state is told, as TaskState says.</summary>
    private const string LiveState = """
        CASE WHEN t.state = 'blocked' THEN 'blocked'
             WHEN k.started_at IS NOT NULL THEN 'running'
             WHEN k.id IS NOT NULL THEN 'dispatched'
             WHEN t.due_at <= now() THEN 'pending'
             WHEN t.attempts > 0 THEN 'retrying'
             ELSE 'scheduled' END
        """;

    internal static StoredTask Read(StoreReader row) => new()
    {
        Id = new TaskId(row.GetGuid(0)),
        Type = row.GetString(1),
        QueueName = row.GetString(2),
        State = TaskStateWords.Parse(row.GetString(3))!.Value,
        Priority = row.GetInt16(4),
        Data = Value<byte[]>(row, 5),
        Result = Value<byte[]>(row, 6),
        Context = Value<byte[]>(row, 7),
        Progress = Value<byte[]>(row, 8),
        Tags = Value<string[]>(row, 9),
        CreatedAt = row.GetDateTime(10),
        DueAt = row.GetDateTime(11),
        ExpiresAt = Time(row, 12),
        StartedAt = Time(row, 13),
        FinishedAt = Time(row, 14),
        History = History(row, 15),
        Attempts = row.GetInt16(16),
        Crashes = row.GetInt16(17),
        Replays = row.GetInt16(18),
        Retries = new RetryPolicy(row.GetInt16(19), row.GetFloat(20), row.GetFloat(21), row.GetFloat(22)),
        TimeoutSeconds = row.GetInt32(23),
        ExecutorId = row.IsDBNull(24) ? null : row.GetGuid(24),
        CancelRequested = row.GetBoolean(25),
        TicketId = row.IsDBNull(26) ? null : row.GetInt64(26),
        TraceParent = Value<string>(row, 27),
        DeathReason = Value<string>(row, 28),
        ExternalId = Value<string>(row, 29),
        ResultTtlSeconds = row.IsDBNull(30) ? null : row.GetInt32(30),
        ResultExpiresAt = Time(row, 31),
        Fingerprint = Value<string>(row, 32),
        Version = row.GetString(33),
        Omitted = row.FieldCount > 34 ? row.GetFieldValue<string[]>(34) : [],
    };

    private static T? Value<T>(StoreReader row, int column)
        where T : class => row.IsDBNull(column) ? null : row.GetFieldValue<T>(column);

    private static DateTime? Time(StoreReader row, int column) => row.IsDBNull(column) ? null : row.GetDateTime(column);

    private static AttemptEntry[] History(StoreReader row, int column) => Value<byte[]>(row, column) is { } json
        ? JsonSerializer.Deserialize(json, HistoryJson.Default.AttemptEntryArray)!
        : [];
}
