using System.Data;
using Millrace.Lifecycle;
using Millrace.Store.Rows;
using Npgsql;

namespace Millrace.Store;

/// <summary>Bulk actions. What a chunk does and how far it came are one transaction, so a crash repeats none and skips none.</summary>
internal sealed partial class TaskStore
{
    internal const string BeginBulkSql = "INSERT INTO bulk_actions (id) VALUES ($1) ON CONFLICT DO NOTHING";

    internal const string BulkProgressSql = """
        SELECT b.below, b.matched, b.changed, b.canaries, (SELECT t.created_at FROM tasks t WHERE t.id = b.id) FROM bulk_actions b WHERE b.id = $1
        """;

    /// <summary>Only from where the caller believes it to be: otherwise another executor has it.</summary>
    internal const string AdvanceBulkSql = """
        UPDATE bulk_actions SET below = $3, matched = matched + $4, changed = changed + $5, canaries = coalesce($6, canaries)
        WHERE id = $1 AND below IS NOT DISTINCT FROM $2 AND ($6::uuid[] IS NULL OR canaries IS NULL)
        """;

    /// <summary>
    /// Shorter than the second after which PostgreSQL looks for a deadlock. Executors lock the tasks of a ticket in any order and a chunk
    /// by id, so the two can wait for each other: the chunk is the one that lets go, for it can be done again.
    /// </summary>
    internal const string BulkPatienceSql = "SELECT set_config('lock_timeout', '300ms', true)";

    internal const string CanaryStatesSql = """
        SELECT count(*) FILTER (WHERE EXISTS (SELECT FROM finished_tasks f WHERE f.id = c.id AND f.outcome = 'succeeded')),
               count(*) FILTER (WHERE EXISTS (SELECT FROM tasks t WHERE t.id = c.id)),
               count(*)
        FROM unnest($1::uuid[]) AS c (id)
        """;

    /// <summary>So often a chunk that somebody stands in the way of is tried at once.</summary>
    private const int MostBulkTries = 5;

    /// <summary>How far the action has come; begins it when it has not begun.</summary>
    internal async Task<BulkProgress> BeginBulkAsync(TaskId id, CancellationToken cancellation)
    {
        await using var batch = NewBatch();
        batch.Add(BeginBulkSql).With(id.Value);
        batch.Add(BulkProgressSql).With(id.Value);
        await using var rows = await batch.ExecuteReaderAsync(cancellation);
        return (await ReadAllAsync(rows, ReadBulkProgress, cancellation))[0];
    }

    /// <summary>How far the action has come; null when it has not begun.</summary>
    internal async Task<BulkProgress?> FindBulkAsync(TaskId id, CancellationToken cancellation)
    {
        await using var command = Command(BulkProgressSql);
        command.Parameters.With(id.Value);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        return await rows.ReadAsync(cancellation) ? ReadBulkProgress(rows) : null;
    }

    /// <summary>Does a chunk, and notes how far it came, in one transaction.</summary>
    /// <param name="id">The action.</param>
    /// <param name="from">How far it had come.</param>
    /// <param name="to">How far it comes with this chunk.</param>
    /// <param name="tasks">The chunk.</param>
    /// <param name="statements">Each takes the ids as $1.</param>
    /// <param name="add">Adds their other parameters.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>What the statements answered; null, and nothing is done, when another executor has come further, or others hold some of the tasks for long.</returns>
    internal async Task<IReadOnlyList<QueueCount>?> ApplyBulkAsync(
        TaskId id, BulkProgress from, BulkProgress to, IReadOnlyList<TaskId> tasks, string[] statements,
        Action<NpgsqlParameterCollection> add, CancellationToken cancellation)
    {
        for (var tries = 0; tries < MostBulkTries; tries++)
        {
            try
            {
                return await TryApplyBulkAsync(id, from, to, tasks, statements, add, cancellation);
            }
            catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected
                or StoreOutage.IdleInTransactionTimeout)
            {
                // The transaction is undone, and with it whatever the chunk held. The last happens before the first statement, the one that lifts the limit.
            }
        }

        return null;
    }

    private async Task<IReadOnlyList<QueueCount>?> TryApplyBulkAsync(
        TaskId id, BulkProgress from, BulkProgress to, IReadOnlyList<TaskId> tasks, string[] statements,
        Action<NpgsqlParameterCollection> add, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await BeginAsync(connection, IsolationLevel.ReadCommitted, cancellation);
        await using (var patience = Command(BulkPatienceSql, connection))
        {
            await patience.ExecuteNonQueryAsync(cancellation);
        }

        await using (var locks = Command(LockTasksSql, connection))
        {
            locks.Parameters.With(Column(tasks, static task => task.Value));
            await locks.ExecuteNonQueryAsync(cancellation);
        }

        List<QueueCount> done = [];
        foreach (var statement in statements)
        {
            await using var verb = Command(statement, connection);
            verb.Parameters.With(Column(tasks, static task => task.Value));
            add(verb.Parameters);
            done.AddRange(await ReadQueueCountsAsync(verb, cancellation));
        }

        await using var advance = Command(AdvanceBulkSql, connection);
        advance.Parameters.With(id.Value).WithId(from.Below?.Value).WithId(to.Below?.Value).With(to.Matched - from.Matched).With(done.Sum(static one => one.Count))
            .WithIds(to.Canaries is null || from.Canaries is not null ? null : [.. to.Canaries.Select(static task => task.Value)]);
        if (await advance.ExecuteNonQueryAsync(cancellation) != 1)
        {
            return null;
        }

        await transaction.CommitAsync(cancellation);
        marks.Forget();
        return done;
    }

    internal async Task<CanaryStates> CanaryStatesAsync(IReadOnlyList<TaskId> canaries, CancellationToken cancellation)
    {
        await using var command = Command(CanaryStatesSql);
        command.Parameters.With(Column(canaries, static task => task.Value));
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        await rows.ReadAsync(cancellation);
        var (succeeded, live) = (rows.GetInt64(0), rows.GetInt64(1));
        return new(succeeded, live, rows.GetInt64(2) - succeeded - live);
    }

    private static BulkProgress ReadBulkProgress(StoreReader row) => new(
        row.IsDBNull(0) ? null : new TaskId(row.GetGuid(0)), row.GetInt64(1), row.GetInt64(2),
        row.IsDBNull(3) ? null : [.. row.GetFieldValue<Guid[]>(3).Select(static id => new TaskId(id))], row.IsDBNull(4) ? null : row.GetDateTime(4));
}
