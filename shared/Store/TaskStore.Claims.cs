using Millrace.Lifecycle;
using Millrace.Store.Rows;
using Npgsql;

namespace Millrace.Store;

/// <summary>What tickets hold: a claim is a row that names its tasks, and changes none of them.</summary>
internal sealed partial class TaskStore
{
    /// <summary>Tickets k, their claims c and the tasks t that these name.</summary>
    private const string ClaimedTasks = """
        tickets k JOIN claims c ON c.ticket_id = k.id CROSS JOIN LATERAL unnest(c.task_ids) AS u (id) JOIN tasks t ON t.id = u.id
        """;

    /// <summary>Ids of all that is claimed; what narrows the claims c may follow. For NOT IN, which PostgreSQL hashes: none is null.</summary>
    private const string ClaimedIds = "SELECT u.id FROM claims c CROSS JOIN LATERAL unnest(c.task_ids) AS u (id) WHERE u.id IS NOT NULL";

    /// <summary>
    /// Before every statement that changes tasks which wait. A claim locks what it takes: with this lock nobody claims them any more, and the
    /// next statement sees whose claim came before.
    /// </summary>
    internal const string LockTasksSql = "SELECT FROM tasks WHERE id = ANY ($1) ORDER BY id FOR UPDATE";

    /// <summary>So often a claim looks again when others were quicker with everything that it found; then it answers that it found nothing.</summary>
    private const int MostLooks = 5;

    private async Task<T> ClaimAsync<T>(string queueName, Func<ClaimLook, Task<T>> claim)
    {
        for (var n = 1; ; n++)
        {
            var look = marks.Begin(queueName);
            var claimed = await claim(look);
            look.End();
            if (!look.Missed || n == MostLooks)
            {
                return claimed;
            }
        }
    }

    /// <summary>A batch that begins with the locks of these tasks.</summary>
    private NpgsqlBatch LockedBatch(IReadOnlyList<TaskId> ids)
    {
        var batch = database.CreateBatch();
        Add(batch, LockTasksSql).With(Column(ids, static id => id.Value));
        return batch;
    }

    /// <summary>What the statement behind the locks answers.</summary>
    private async Task<IReadOnlyList<QueueCount>> ReadQueueCountsAsync(NpgsqlBatch batch, CancellationToken cancellation)
    {
        await using var rows = await batch.ExecuteReaderAsync(cancellation);
        await rows.NextResultAsync(cancellation);
        var counts = await ReadAllAsync(rows, ReadQueueCount, cancellation);
        marks.Forget();
        return counts;
    }
}
