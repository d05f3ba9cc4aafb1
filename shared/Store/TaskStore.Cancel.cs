using Millrace.Lifecycle;
using Millrace.Store.Rows;

namespace Millrace.Store;

internal sealed partial class TaskStore
{
    /// <summary>
    /// Locks the tasks first and judges the versions that it got, so a claim that came a moment earlier is seen. What waits is
    /// finished; what is claimed is marked. The mark is computed, not a plain true: CHECK constraints see the snapshot's version
    /// of the row, which may still be pending, before the version that is updated.
    /// </summary>
    internal const string CancelSql = $"""
        WITH live AS MATERIALIZED (
            SELECT id, state FROM tasks WHERE id = ANY ($1) ORDER BY id FOR UPDATE
        ), gone AS (
            DELETE FROM tasks t USING live WHERE t.id = live.id AND live.state <> 'claimed' RETURNING t.*
        ), finished AS (
            INSERT INTO finished_tasks ({TaskColumns.Moved}, attempts, crashes, history, outcome, finished_at)
            SELECT {TaskColumns.Moved}, attempts, crashes, history, 'cancelled', now() FROM gone
        ), counted AS (
            INSERT INTO counter_deltas (queue_name, type, event, label, count)
            SELECT queue_name, type, 'cancelled', 'none', count(*) FROM gone GROUP BY 1, 2
        ), asked AS (
            UPDATE tasks t SET cancel_requested = t.state = 'claimed' FROM live WHERE t.id = live.id AND live.state = 'claimed' RETURNING t.id
        )
        SELECT 'finished', count(*) FROM gone HAVING count(*) > 0 UNION ALL SELECT 'requested', count(*) FROM asked HAVING count(*) > 0
        """;

    /// <summary>Ends a waiting task at once, and asks for the end of a claimed one.</summary>
    internal async Task<CancelEffect> CancelAsync(TaskId id, CancellationToken cancellation)
    {
        await using var command = Command(CancelSql);
        command.Parameters.With<Guid[]>([id.Value]);
        return await command.ExecuteScalarAsync(cancellation) switch
        {
            "finished" => CancelEffect.Finished,
            "requested" => CancelEffect.Requested,
            _ => CancelEffect.None,
        };
    }
}
