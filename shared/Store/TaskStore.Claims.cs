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
    private const string ClaimedIds =
        "SELECT c.id FROM (SELECT unnest(task_ids) AS id, queue_name, due_through FROM claims) AS c WHERE c.id IS NOT NULL";

    /// <summary>
    /// Before every statement that changes tasks which wait. A claim locks what it takes: with this lock nobody claims them any more, and the
    /// next statement sees whose claim came before.
    /// </summary>
    internal const string LockTasksSql = "SELECT FROM tasks WHERE id = ANY ($1) ORDER BY id FOR UPDATE";

    /// <summary>
    /// Before a claim of queue $1, which takes its turn among processes if $2 says so. Asked for before the statement that claims, which then sees what the
    /// one before took; nobody waits in PostgreSQL, where waiting would hold a connection.
    /// </summary>
    internal const string ClaimPlanSql = $"{SteadyPlanSql}, CASE WHEN $2 THEN pg_try_advisory_xact_lock(2, hashtext($1)) ELSE true END";

    /// <summary>So often a claim looks again when others were quicker with everything that it found; then it answers that it found nothing.</summary>
    private const int MostLooks = 5;

    private async Task<T> ClaimAsync<T>(string queueName, Func<ClaimLook, Task<T>> claim, CancellationToken cancellation)
    {
        if (marks.BeginSweeps([queueName]) is { Count: > 0 } sweeps)
        {
            // Not awaited: it may pass over millions of rows that have ended, and claims need not wait for it. It ends by its time-out.
            _ = Task.Run(() => SweepAsync(sweeps), CancellationToken.None);
        }

        var turn = turns.Of(queueName);
        var isMine = turn is not null && await turn.TakeAsync(cancellation);
        try
        {
            return await ClaimAsync(queueName, isMine, claim, cancellation);
        }
        finally
        {
            if (isMine)
            {
                turn!.Leave();
            }
        }
    }

    private async Task<T> ClaimAsync<T>(string queueName, bool isMine, Func<ClaimLook, Task<T>> claim, CancellationToken cancellation)
    {
        for (var (looks, pause) = (0, ClaimTurn.FirstPause); ;)
        {
            var look = marks.Begin(queueName);
            look.TakesTurn = isMine && pause <= ClaimTurn.LongestPause;
            var claimed = await claim(look);
            if (!look.HadNoTurn)
            {
                turns.Say(queueName, look.WasFilled || look.Missed);
                if (!look.Missed || ++looks == MostLooks)
                {
                    return claimed;
                }
            }
            else
            {
                await Task.Delay(pause, TimeProvider.System, cancellation);
                pause *= 2;
            }
        }
    }

    /// <summary>A batch that begins with the turn, where one is wanted.</summary>
    private StoreBatch ClaimBatch(string queueName, ClaimLook look)
    {
        var batch = NewBatch();
        batch.Add(ClaimPlanSql).With(queueName).With(look.TakesTurn);
        return batch;
    }

    /// <summary>A batch that begins with the locks of these tasks.</summary>
    private StoreBatch LockedBatch(IReadOnlyList<TaskId> ids)
    {
        var batch = NewBatch();
        batch.Add(LockTasksSql).With(Column(ids, static id => id.Value));
        return batch;
    }

    /// <summary>What the statement behind the locks answers.</summary>
    private async Task<IReadOnlyList<QueueCount>> ReadLockedCountsAsync(StoreBatch batch, CancellationToken cancellation)
    {
        await using var rows = await batch.ExecuteReaderAsync(cancellation);
        await rows.NextResultAsync(cancellation);
        var counts = await ReadAllAsync(rows, ReadQueueCount, cancellation);
        marks.Forget();
        return counts;
    }
}
