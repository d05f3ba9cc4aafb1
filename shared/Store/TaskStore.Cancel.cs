using Millrace.Lifecycle;

namespace Millrace.Store;

internal sealed partial class TaskStore
{
    /// <summary>
    /// Locks the task first and judges the version that it got, so a claim that came a moment earlier is seen. What waits is
    /// finished; what is claimed is marked. The mark is computed, not a plain true: CHECK constraints see the snapshot's version
    /// of the row, which may still be pending, before the version that is updated.
    /// </summary>
    internal const string CancelSql = $"""
        WITH live AS MATERIALIZED (
            SELECT id, state FROM tasks WHERE id = $1 FOR UPDATE
        ), gone AS (
            DELETE FROM tasks t USING live WHERE t.id = live.id AND live.state <> 'claimed' RETURNING t.*
        ), finished AS (
            INSERT INTO finished_tasks ({TaskColumns.Moved}, attempts, crashes, history, outcome, finished_at)
            SELECT {TaskColumns.Moved}, attempts, crashes, history, 'cancelled', now() FROM gone
        ), counted AS (
            INSERT INTO counter_deltas (queue_name, type, event, label, count)
            SELECT queue_name, type, 'cancelled', 'none', 1 FROM gone
        ), asked AS (
            UPDATE tasks t SET cancel_requested = t.state = 'claimed' FROM live WHERE t.id = live.id AND live.state = 'claimed' RETURNING t.id
        )
        SELECT CASE WHEN EXISTS (SELECT FROM gone) THEN 1 WHEN EXISTS (SELECT FROM asked) THEN 2 ELSE 0 END
        """;

    /// <summary>Ends a waiting task at once, and asks for the end of a claimed one.</summary>
    internal async Task<CancelEffect> CancelAsync(TaskId id, CancellationToken cancellation)
    {
        await using var command = Command(CancelSql);
        command.Parameters.With(id.Value);
        return (CancelEffect)(int)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
