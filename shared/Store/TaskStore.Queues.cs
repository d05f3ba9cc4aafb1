using Npgsql;

namespace Millrace.Store;

/// <summary>What is kept about queues.</summary>
internal sealed partial class TaskStore
{
    /// <summary>Queues that have a maximum depth, with their depth: tasks that wait, now or for later. Not counted beyond the maximum.</summary>
    internal const string BoundedQueuesSql = """
        SELECT q.name, q.max_depth,
               (SELECT count(*) FROM (SELECT FROM tasks t
                                      WHERE t.queue_name = q.name AND t.state = 'pending' AND t.crashes = 0 LIMIT q.max_depth) AS w)
        FROM queues q WHERE q.max_depth IS NOT NULL
        """;

    internal async Task<IReadOnlyList<BoundedQueue>> BoundedQueuesAsync(CancellationToken cancellation)
    {
        await using var command = Command(BoundedQueuesSql);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        return await ReadAllAsync(rows, static row => new BoundedQueue(row.GetString(0), row.GetInt32(1), row.GetInt64(2)), cancellation);
    }
}
