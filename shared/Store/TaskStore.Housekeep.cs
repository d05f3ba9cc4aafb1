using Npgsql;

namespace Millrace.Store;

/// <summary>Partitions and retention. Each method is a transaction of its own: none holds up who finishes tasks.</summary>
internal sealed partial class TaskStore
{
    internal const string MakePartitionsSql = "SELECT make_partitions(7)";

    internal const string DropOldestPartitionSql = "SELECT drop_oldest_partition($1)";

    internal const string ForgetOldCountersSql = "DELETE FROM counters WHERE minute < now() - make_interval(days => $1)";

    internal const string ForgetOldSumsSql = "DELETE FROM counter_sums WHERE since < now() - make_interval(days => $1)";

    /// <summary>
    /// Errors that no sum within the retention has any more give their places to new ones; what they were counted goes to the others. Not while somebody folds:
    /// the same rows are written.
    /// </summary>
    internal const string ForgetErrorLabelsSql = """
        WITH turn AS MATERIALIZED (
            SELECT FROM passes WHERE stage = 'fold' FOR UPDATE SKIP LOCKED
        ), forgotten AS (
            DELETE FROM error_labels e
            WHERE EXISTS (SELECT FROM turn)
              AND NOT EXISTS (SELECT FROM counter_sums s
                              WHERE s.minutes = 60 AND s.queue_name = '' AND s.type = e.type AND s.event IN ('retried', 'failed') AND s.label = e.label)
            RETURNING type, label
        ), gone AS (
            DELETE FROM counter_totals c USING forgotten f
            WHERE c.type = f.type AND c.label = f.label AND c.event IN ('retried', 'failed') RETURNING c.*
        )
        INSERT INTO counter_totals AS c (queue_name, type, event, label, count, total_ms)
        SELECT queue_name, type, event, 'other', sum(count), sum(total_ms) FROM gone GROUP BY 1, 2, 3
        ON CONFLICT (queue_name, type, event, label) DO UPDATE SET count = c.count + excluded.count, total_ms = c.total_ms + excluded.total_ms
        """;

    internal const string ForgetOldExecutorsSql = "DELETE FROM executors WHERE last_heartbeat < now() - interval '1 day'";

    internal const string ForgetOldCrashesSql = "DELETE FROM crash_parts WHERE crashed_at < now() - interval '1 day'";

    internal const string ForgetOldTrialsSql = "DELETE FROM trials WHERE began_at < now() - interval '1 day'";

    /// <summary>Of what carried them out, the task itself is kept no longer either.</summary>
    internal const string ForgetOldBulkActionsSql = """
        DELETE FROM bulk_actions b
        WHERE created_at < now() - make_interval(days => $1) AND NOT EXISTS (SELECT FROM tasks t WHERE t.id = b.id)
        """;

    /// <summary>At most $1 at a time. Who holds a row for something else is not waited for.</summary>
    internal const string RemoveExpiredResultsSql = """
        WITH expired AS MATERIALIZED (
            SELECT id, finished_at FROM finished_tasks WHERE result_expires_at <= now() AND result IS NOT NULL
            ORDER BY result_expires_at LIMIT $1 FOR UPDATE SKIP LOCKED
        )
        UPDATE finished_tasks f SET result = NULL FROM expired e WHERE f.id = e.id AND f.finished_at = e.finished_at
        """;

    /// <summary>Counting a day of many millions of tasks takes its time.</summary>
    private const int CountingTimeoutSeconds = 600;

    /// <summary>The days ahead get their partitions.</summary>
    /// <exception cref="PostgresException">With <c>lock_not_available</c>, when somebody reads for long: try again later.</exception>
    internal async Task MakePartitionsAsync(CancellationToken cancellation)
    {
        await using var command = Command(MakePartitionsSql);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Drops and counts one day beyond the retention. Returns how many tasks it had; null when there was none.</summary>
    /// <exception cref="PostgresException">With <c>lock_not_available</c>, when somebody reads for long: try again later.</exception>
    internal async Task<long?> DropOldestPartitionAsync(int keepDays, CancellationToken cancellation)
    {
        await using var command = Command(DropOldestPartitionSql);
        command.Patience = TimeSpan.FromSeconds(CountingTimeoutSeconds);
        command.Parameters.With(keepDays);
        return await command.ExecuteScalarAsync(cancellation) as long?;
    }

    /// <summary>Results that have been shown for as long as their submitters wanted. Returns how many there were.</summary>
    internal async Task<int> RemoveExpiredResultsAsync(int atOnce, CancellationToken cancellation)
    {
        await using var command = Command(RemoveExpiredResultsSql);
        command.Parameters.With((long)atOnce);
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Minutes, the names of errors, and bulk actions beyond the retention, and executors that have been gone for a day.</summary>
    internal async Task ForgetOldAsync(int keepDays, CancellationToken cancellation)
    {
        await using var batch = NewBatch();
        batch.Add(ForgetOldCountersSql).With(keepDays);
        batch.Add(ForgetOldSumsSql).With(keepDays);
        batch.Add(ForgetErrorLabelsSql);
        batch.Add(ForgetOldCostsSql).With(keepDays);
        batch.Add(ForgetOldBulkActionsSql).With(keepDays);
        batch.Add(ForgetOldExecutorsSql);
        batch.Add(ForgetOldCrashesSql);
        batch.Add(ForgetOldTrialsSql);
        await batch.ExecuteNonQueryAsync(cancellation);
    }
}
