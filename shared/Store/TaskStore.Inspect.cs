using Millrace.Lifecycle;
using Millrace.Store.Rows;

namespace Millrace.Store;

internal sealed partial class TaskStore
{
    /// <summary>One snapshot of all three places, so a task that moves meanwhile is seen before or after, never nowhere.</summary>
    internal const string FindSql = $"""
        SELECT {InspectColumns.Live} FROM {InspectColumns.LiveTasks} WHERE t.id = $1
        UNION ALL SELECT {InspectColumns.Finished} FROM finished_tasks f WHERE f.id = $1
        UNION ALL SELECT {InspectColumns.Dead} FROM dead_letters d WHERE d.id = $1
        LIMIT 1
        """;

    /// <summary>The task, wherever it is; null when it is nowhere.</summary>
    internal async Task<StoredTask?> FindAsync(TaskId id, CancellationToken cancellation)
    {
        await using var batch = SteadyBatch();
        batch.Add(FindSql).With(id.Value);
        await using var rows = await ReadSteadyAsync(batch, cancellation);
        return await rows.ReadAsync(cancellation) ? InspectColumns.Read(rows) : null;
    }
}
