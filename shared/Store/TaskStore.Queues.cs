using Millrace.Store.Rows;

namespace Millrace.Store;

/// <summary>What is kept about queues.</summary>
internal sealed partial class TaskStore
{
    /// <summary>Queues that have a maximum depth, with their depth: tasks that wait, now or for later. Not counted beyond the maximum.</summary>
    internal const string BoundedQueuesSql = """
        SELECT q.name, q.max_depth,
               (SELECT count(*) FROM (SELECT FROM tasks t
                                      WHERE t.queue_name = q.name AND t.state = 'pending' AND t.crashes < 2 LIMIT q.max_depth + c.tasks) AS w) - c.tasks
        FROM queues q CROSS JOIN LATERAL (
            SELECT coalesce(sum(c.remaining), 0)::bigint AS tasks FROM claims c JOIN tickets k ON k.id = c.ticket_id
            WHERE c.queue_name = q.name AND NOT k.quarantine) AS c
        WHERE q.max_depth IS NOT NULL
        """;

    private const string Settings = "name, paused, max_depth, mean_run_ms, created_at";

    internal const string QueueSql = $"SELECT {Settings} FROM queues WHERE name = $1";

    /// <summary>The first $2 queues behind name $1.</summary>
    internal const string QueuesSql = $"SELECT {Settings} FROM queues WHERE name > $1 ORDER BY name LIMIT $2";

    /// <summary>Makes queue $1 when it is new. Its maximum depth becomes $2 when $3 says so.</summary>
    internal const string PutQueueSql = $"""
        INSERT INTO queues (name, max_depth) VALUES ($1, $2::integer)
        ON CONFLICT (name) DO UPDATE SET max_depth = CASE WHEN $3::boolean THEN excluded.max_depth ELSE queues.max_depth END
        RETURNING {Settings}, xmax = 0
        """;

    internal const string PauseQueueSql = $"UPDATE queues SET paused = $2 WHERE name = $1 RETURNING {Settings}";

    /// <summary>A page of queues, by name.</summary>
    /// <param name="behind">The last name of the page before; empty for the first page.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellation">Ends the wait.</param>
    internal async Task<IReadOnlyList<QueueSettings>> QueuesAsync(string behind, int limit, CancellationToken cancellation)
    {
        await using var command = Command(QueuesSql);
        command.Parameters.With(behind).With((long)limit);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        return await ReadAllAsync(rows, ReadSettings, cancellation);
    }

    /// <summary>One queue; null when there is none of that name.</summary>
    internal async Task<QueueSettings?> FindQueueAsync(string name, CancellationToken cancellation)
    {
        await using var command = Command(QueueSql);
        command.Parameters.With(name);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        return await rows.ReadAsync(cancellation) ? ReadSettings(rows) : null;
    }

    /// <summary>Sets the maximum depth of a queue, which is made when it is new.</summary>
    /// <param name="name">The queue.</param>
    /// <param name="maxDepth">Null for any depth.</param>
    /// <param name="changes">False keeps the depth that is set.</param>
    /// <param name="cancellation">Ends the wait.</param>
    internal async Task<(QueueSettings Queue, bool IsNew)> PutQueueAsync(string name, int? maxDepth, bool changes, CancellationToken cancellation)
    {
        await using var command = Command(PutQueueSql);
        command.Parameters.With(name).With(maxDepth).With(changes);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        await rows.ReadAsync(cancellation);
        return (ReadSettings(rows), rows.GetBoolean(5));
    }

    /// <summary>Nothing new of a paused queue is started; what runs goes on. Null when there is no such queue.</summary>
    internal async Task<QueueSettings?> PauseQueueAsync(string name, bool paused, CancellationToken cancellation)
    {
        await using var command = Command(PauseQueueSql);
        command.Parameters.With(name).With(paused);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        return await rows.ReadAsync(cancellation) ? ReadSettings(rows) : null;
    }

    private static QueueSettings ReadSettings(StoreReader row) => new(
        row.GetString(0), row.GetBoolean(1), row.IsDBNull(2) ? null : row.GetInt32(2), row.IsDBNull(3) ? null : row.GetDouble(3), row.GetDateTime(4));

    internal async Task<IReadOnlyList<BoundedQueue>> BoundedQueuesAsync(CancellationToken cancellation)
    {
        await using var command = Command(BoundedQueuesSql);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        return await ReadAllAsync(rows, static row => new BoundedQueue(row.GetString(0), row.GetInt32(1), row.GetInt64(2)), cancellation);
    }
}
