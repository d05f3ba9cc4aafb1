using Millrace.Lifecycle;
using Millrace.Store.Rows;

namespace Millrace.Store;

internal sealed partial class TaskStore
{
    /// <summary>What waits is finished; what is claimed is marked.</summary>
    internal const string CancelSql = $"""
        WITH live AS MATERIALIZED (
            SELECT t.id, EXISTS (SELECT FROM claim_of(t.queue_name, t.due_at, t.id)) AS claimed FROM tasks t WHERE t.id = ANY ($1)
        ), gone AS (
            DELETE FROM tasks t USING live WHERE t.id = live.id AND NOT live.claimed RETURNING t.*
        ), finished AS (
            INSERT INTO finished_tasks ({TaskColumns.Moved}, attempts, crashes, history, outcome, finished_at)
            SELECT {TaskColumns.Moved}, attempts, crashes, history, 'cancelled', now() FROM gone
        ), counted AS (
            INSERT INTO counter_deltas (queue_name, type, event, label, count)
            SELECT queue_name, type, 'cancelled', 'none', count(*) FROM gone GROUP BY 1, 2
        ), asked AS (
            UPDATE tasks t SET cancel_requested = true FROM live WHERE t.id = live.id AND live.claimed RETURNING t.id
        )
        SELECT 'finished', count(*) FROM gone HAVING count(*) > 0 UNION ALL SELECT 'requested', count(*) FROM asked HAVING count(*) > 0
        """;

    /// <summary>Ends a waiting task at once, and asks for the end of a claimed one.</summary>
    internal async Task<CancelEffect> CancelAsync(TaskId id, CancellationToken cancellation)
    {
        await using var batch = LockedBatch([id]);
        batch.Add(CancelSql).With<Guid[]>([id.Value]);
        return (await ReadLockedCountsAsync(batch, cancellation)) switch
        {
            [{ QueueName: "finished" }] => CancelEffect.Finished,
            [{ QueueName: "requested" }] => CancelEffect.Requested,
            _ => CancelEffect.None,
        };
    }
}
