using Millrace.Lifecycle;
using Npgsql;

namespace Millrace.Store;

internal sealed partial class TaskStore
{
    /// <summary>One snapshot of all three places, so a task that moves meanwhile is seen before or after, never nowhere.</summary>
    internal const string FindSql = $"""
        SELECT {InspectColumns.Live} FROM tasks t LEFT JOIN tickets k ON k.id = t.ticket_id WHERE t.id = $1
        UNION ALL SELECT {InspectColumns.Finished} FROM finished_tasks f WHERE f.id = $1
        UNION ALL SELECT {InspectColumns.Dead} FROM dead_letters d WHERE d.id = $1
        LIMIT 1
        """;

    /// <summary>
    /// A page of ids first, $5 passed over, then the rows of that page only. Each OR is folded to the one case that $1 names when
    /// the statement is planned with its values, so the partial indexes match and the tables that cannot hold it are not read.
    /// </summary>
    internal const string ListSql = $"""
        WITH page AS MATERIALIZED (
            (SELECT t.id, 'live' AS place, NULL::timestamptz AS finished_at
             FROM tasks t LEFT JOIN tickets k ON k.id = t.ticket_id
             WHERE ($1::text IS NULL
                    OR ($1 = 'blocked' AND t.state = 'blocked')
                    OR ($1 = 'pending' AND t.state = 'pending' AND t.due_at <= now())
                    OR ($1 = 'scheduled' AND t.state = 'pending' AND t.due_at > now() AND t.attempts = 0)
                    OR ($1 = 'retrying' AND t.state = 'pending' AND t.due_at > now() AND t.attempts > 0)
                    OR ($1 = 'dispatched' AND t.ticket_id IS NOT NULL AND k.started_at IS NULL)
                    OR ($1 = 'running' AND t.ticket_id IS NOT NULL AND k.started_at IS NOT NULL))
               AND ($2::text IS NULL OR t.type = $2) AND ($3::text IS NULL OR t.queue_name = $3) AND ($4::uuid IS NULL OR t.id < $4)
             ORDER BY t.id DESC LIMIT $5::bigint + $6::bigint)
            UNION ALL
            (SELECT f.id, 'finished', f.finished_at FROM finished_tasks f
             WHERE ($1 IS NULL
                    OR ($1 = 'succeeded' AND f.outcome = 'succeeded')
                    OR ($1 = 'cancelled' AND f.outcome = 'cancelled')
                    OR ($1 = 'expired' AND f.outcome = 'expired'))
               AND ($2 IS NULL OR f.type = $2) AND ($3 IS NULL OR f.queue_name = $3) AND ($4 IS NULL OR f.id < $4)
             ORDER BY f.id DESC LIMIT $5 + $6)
            UNION ALL
            (SELECT d.id, 'dead', NULL FROM dead_letters d
             WHERE ($1 IS NULL OR $1 = 'failed')
               AND ($2 IS NULL OR d.type = $2) AND ($3 IS NULL OR d.queue_name = $3) AND ($4 IS NULL OR d.id < $4)
             ORDER BY d.id DESC LIMIT $5 + $6)
            ORDER BY id DESC OFFSET $5 LIMIT $6
        )
        SELECT {InspectColumns.Listed}
        FROM page p CROSS JOIN LATERAL (
            SELECT {InspectColumns.Live} FROM tasks t LEFT JOIN tickets k ON k.id = t.ticket_id WHERE p.place = 'live' AND t.id = p.id
            UNION ALL SELECT {InspectColumns.Finished} FROM finished_tasks f
                      WHERE p.place = 'finished' AND f.id = p.id AND f.finished_at = p.finished_at
            UNION ALL SELECT {InspectColumns.Dead} FROM dead_letters d WHERE p.place = 'dead' AND d.id = p.id
        ) AS s
        ORDER BY s.id DESC
        """;

    /// <summary>The task, wherever it is; null when it is nowhere.</summary>
    internal async Task<StoredTask?> FindAsync(TaskId id, CancellationToken cancellation)
    {
        await using var command = Command(FindSql);
        command.Parameters.With(id.Value);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        return await rows.ReadAsync(cancellation) ? InspectColumns.Read(rows) : null;
    }

    /// <summary>Tasks of all three places, newest id first; each as much as a list needs.</summary>
    internal async Task<IReadOnlyList<StoredTask>> ListAsync(TaskFilter filter, CancellationToken cancellation)
    {
        await using var command = Command(ListSql);
        AddFilter(command.Parameters, filter);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        List<StoredTask> tasks = [];
        while (await rows.ReadAsync(cancellation))
        {
            tasks.Add(InspectColumns.Read(rows));
        }

        return tasks;
    }

    private static void AddFilter(NpgsqlParameterCollection parameters, TaskFilter filter) => parameters
        .WithText(filter.State?.Word()).WithText(filter.Type).WithText(filter.QueueName).WithId(filter.Before?.Value)
        .With((long)filter.Skip).With((long)filter.Limit);
}
