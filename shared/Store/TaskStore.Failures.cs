using Millrace.Lifecycle;
using Millrace.Store.Rows;

namespace Millrace.Store;

/// <summary>Failures, grouped by what they have in common.</summary>
internal sealed partial class TaskStore
{
    /// <summary>The $1 largest groups of dead letters; groups are counted in the index alone.</summary>
    internal const string DeadGroupsSql = """
        WITH groups AS MATERIALIZED (
            SELECT fingerprint, count(*) AS dead FROM dead_letters GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT $1
        )
        SELECT g.fingerprint, n.type, coalesce(n.error_type, ''), coalesce(n.error_message, ''), g.dead, 0::bigint, o.died_at, n.died_at, n.id
        FROM groups g
        CROSS JOIN LATERAL (SELECT id, type, died_at, history -> -1 ->> 'error_type' AS error_type, history -> -1 ->> 'error_message' AS error_message
                            FROM dead_letters d WHERE d.fingerprint = g.fingerprint ORDER BY id DESC LIMIT 1) AS n
        CROSS JOIN LATERAL (SELECT died_at FROM dead_letters d WHERE d.fingerprint = g.fingerprint ORDER BY id LIMIT 1) AS o
        ORDER BY g.dead DESC, g.fingerprint
        """;

    /// <summary>
    /// Groups among up to $1 live tasks that have failed and wait for another attempt, from each queue those that are due first. An index
    /// finds them: without the order, PostgreSQL would rather read the table until it has met so many.
    /// </summary>
    internal const string FailingGroupsSql = """
        WITH failing AS MATERIALIZED (
            SELECT t.*
            FROM queues q CROSS JOIN LATERAL (
                SELECT id, type, history -> -1 ->> 'error_type' AS error_type, history -> -1 ->> 'error_message' AS error_message,
                       (history -> -1 ->> 'ended_at')::timestamptz AS at
                FROM tasks
                WHERE queue_name = q.name AND state = 'pending' AND attempts > 0 AND history -> -1 -> 'error_type' IS NOT NULL
                ORDER BY due_at LIMIT greatest(100, $1 / (SELECT count(*) FROM queues))) AS t
            LIMIT $1
        ), marked AS MATERIALIZED (
            SELECT *, error_fingerprint(type, error_type, error_message) AS fingerprint FROM failing
        )
        SELECT DISTINCT ON (fingerprint) fingerprint, type, error_type, error_message, 0::bigint, count(*) OVER w, min(at) OVER w, max(at) OVER w, id
        FROM marked WINDOW w AS (PARTITION BY fingerprint)
        ORDER BY fingerprint, id DESC
        """;

    /// <summary>The largest groups of dead letters, and those among the live tasks that were looked at.</summary>
    internal async Task<(IReadOnlyList<FailureGroup> Dead, IReadOnlyList<FailureGroup> Failing)> FailuresAsync(
        int groups, int liveTasks, CancellationToken cancellation)
    {
        await using var batch = NewBatch();
        batch.Add(DeadGroupsSql).With((long)groups);
        batch.Add(FailingGroupsSql).With((long)liveTasks);
        await using var rows = await batch.ExecuteReaderAsync(cancellation);
        var dead = await ReadAllAsync(rows, ReadGroup, cancellation);
        await rows.NextResultAsync(cancellation);
        return (dead, await ReadAllAsync(rows, ReadGroup, cancellation));
    }

    private static FailureGroup ReadGroup(StoreReader row) => new()
    {
        Fingerprint = row.GetString(0),
        Type = row.GetString(1),
        ErrorType = row.GetString(2),
        ErrorMessage = row.GetString(3),
        Dead = row.GetInt64(4),
        Retrying = row.GetInt64(5),
        FirstAt = row.GetDateTime(6),
        LastAt = row.GetDateTime(7),
        Newest = new TaskId(row.GetGuid(8)),
    };
}
