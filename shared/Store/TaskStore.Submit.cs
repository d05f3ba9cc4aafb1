using Millrace.Store.Rows;
using Npgsql;

namespace Millrace.Store;

internal sealed partial class TaskStore
{
    /// <summary>
    /// Arrays are unnested in the list of what is selected, all in step: in FROM each would go through a store of its own, which costs more than the rest
    /// of a statement for few tasks.
    /// </summary>
    private const string InsertTasks = """
            INSERT INTO tasks (id, queue_name, type, priority, due_at, expires_at, max_retries, retry_delay_seconds, retry_backoff,
                               max_retry_delay_seconds, timeout_seconds, data, context, traceparent, tags, external_id, result_ttl_seconds)
            SELECT s.id, s.queue_name, s.type, s.priority, coalesce(s.scheduled_at, now() + make_interval(secs => s.delay_seconds)),
                   s.expires_at, s.max_retries, s.retry_delay_seconds, s.retry_backoff, s.max_retry_delay_seconds, s.timeout_seconds,
                   s.data, s.context, s.traceparent,
                   CASE WHEN s.tags IS NOT NULL THEN (SELECT array_agg(tag) FROM json_array_elements_text(s.tags) AS tag) END,
                   s.external_id, s.result_ttl_seconds
            FROM (SELECT unnest($1::uuid[]) AS id, unnest($2::text[]) AS queue_name, unnest($3::text[]) AS type,
                    unnest($4::smallint[]) AS priority, unnest($5::timestamptz[]) AS scheduled_at, unnest($6::float8[]) AS delay_seconds,
                    unnest($7::timestamptz[]) AS expires_at, unnest($8::smallint[]) AS max_retries,
                    unnest($9::real[]) AS retry_delay_seconds, unnest($10::real[]) AS retry_backoff,
                    unnest($11::real[]) AS max_retry_delay_seconds, unnest($12::integer[]) AS timeout_seconds, unnest($13::json[]) AS data,
                    unnest($14::json[]) AS context, unnest($15::text[]) AS traceparent, unnest($16::json[]) AS tags,
                    unnest($17::text[]) AS external_id, unnest($18::integer[]) AS result_ttl_seconds) AS s
        """;

    /// <summary>Counts what "groups" has, and makes its queues known.</summary>
    private const string CountGroups = """
        counted AS (
            INSERT INTO counter_deltas (queue_name, type, event, label, count)
            SELECT queue_name, type, 'accepted', priority::text, count FROM groups
        ), known AS (
            INSERT INTO queues (name)
            SELECT DISTINCT queue_name FROM groups g WHERE NOT EXISTS (SELECT FROM queues WHERE name = g.queue_name)
            ORDER BY 1
            ON CONFLICT DO NOTHING
        )
        """;

    /// <summary>All are accepted, so who sends them has counted them ($19 to $22): grouping them here costs a quarter of a statement for few.</summary>
    internal const string SubmitSql = $"""
        WITH groups AS MATERIALIZED (
            SELECT unnest($19::text[]) AS queue_name, unnest($20::text[]) AS type, unnest($21::smallint[]) AS priority, unnest($22::bigint[]) AS count
        ), {CountGroups}, accepted AS (
        {InsertTasks}
        )
        SELECT now()
        """;

    /// <summary>Accepts all of them or none, and counts them, but for those whose key another task has. Durable when it returns.</summary>
    internal async Task<Acceptance> SubmitAsync(IReadOnlyList<NewTask> tasks, CancellationToken cancellation)
    {
        if (tasks.Any(static task => task.Keys.Count > 0))
        {
            return await SubmitKeyedAsync(tasks, NewBatch, cancellation);
        }

        await using var command = Command(SubmitSql);
        var groups = tasks.CountBy(static t => (t.QueueName, t.Type, t.Priority)).ToList();
        AddSubmitParameters(command.Parameters, tasks)
            .With(Column(groups, static g => g.Key.QueueName))
            .With(Column(groups, static g => g.Key.Type))
            .With(Column(groups, static g => g.Key.Priority))
            .With(Column(groups, static g => (long)g.Value));
        return new Acceptance(new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(cancellation))!, TimeSpan.Zero));
    }

    private static NpgsqlParameterCollection AddSubmitParameters(NpgsqlParameterCollection parameters, IReadOnlyList<NewTask> tasks) => parameters
        .With(Column(tasks, static t => t.Id.Value))
        .With(Column(tasks, static t => t.QueueName))
        .With(Column(tasks, static t => t.Type))
        .With(Column(tasks, static t => t.Priority))
        .With(Column(tasks, static t => t.ScheduledAt?.ToUniversalTime()))
        .With(Column(tasks, static t => t.DelaySeconds))
        .With(Column(tasks, static t => t.ExpiresAt?.ToUniversalTime()))
        .With(Column(tasks, static t => t.Retries.MaxRetries))
        .With(Column(tasks, static t => t.Retries.DelaySeconds))
        .With(Column(tasks, static t => t.Retries.Backoff))
        .With(Column(tasks, static t => t.Retries.MaxDelaySeconds))
        .With(Column(tasks, static t => t.TimeoutSeconds))
        .WithJson(Column(tasks, static t => t.Data))
        .WithJson(Column(tasks, static t => t.Context))
        .With(Column(tasks, static t => t.TraceParent))
        .WithJson(Column(tasks, static t => TagsAsJson(t.Tags)))
        .With(Column(tasks, static t => t.ExternalId))
        .With(Column(tasks, static t => t.ResultTtlSeconds));

    /// <summary>Arrays of arrays must be rectangular in PostgreSQL, and tags are not: they travel as JSON.</summary>
    private static byte[]? TagsAsJson(string[]? tags) =>
        tags is null ? null : System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(tags, StoreJson.Default.StringArray);

    private static TValue[] Column<TRow, TValue>(IReadOnlyList<TRow> rows, Func<TRow, TValue> value)
    {
        var column = new TValue[rows.Count];
        for (var i = 0; i < column.Length; i++)
        {
            column[i] = value(rows[i]);
        }

        return column;
    }
}
