using Millrace.Lifecycle;

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
        SELECT 1 FROM gone UNION ALL SELECT 2 FROM asked
        """;

    /// <summary>Ends a waiting task at once, and asks for the end of a claimed one.</summary>
    internal async Task<CancelEffect> CancelAsync(TaskId id, CancellationToken cancellation)
    {
        var effects = await CancelAsync([id], cancellation);
        return effects.Count == 0 ? CancelEffect.None : effects[0];
    }

    /// <summary>The same for many; an effect for each that there was one on.</summary>
    internal async Task<IReadOnlyList<CancelEffect>> CancelAsync(IReadOnlyList<TaskId> ids, CancellationToken cancellation)
    {
        await using var command = Command(CancelSql);
        command.Parameters.With(Column(ids, static id => id.Value));
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        return await ReadAllAsync(rows, static row => (CancelEffect)row.GetInt32(0), cancellation);
    }
}
