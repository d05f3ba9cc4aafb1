using Npgsql;

namespace Millrace.Store;

/// <summary>Partitions and retention. Each method is a transaction of its own: none holds up who finishes tasks.</summary>
internal sealed partial class TaskStore
{
    internal const string MakePartitionsSql = "SELECT make_partitions(7)";

    internal const string DropOldestPartitionSql = "SELECT drop_oldest_partition($1)";

    internal const string ForgetOldCountersSql = "DELETE FROM counters WHERE minute < now() - make_interval(days => $1)";

    internal const string ForgetOldExecutorsSql = "DELETE FROM executors WHERE last_heartbeat < now() - interval '1 day'";

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
        command.CommandTimeout = CountingTimeoutSeconds;
        command.Parameters.With(keepDays);
        return await command.ExecuteScalarAsync(cancellation) as long?;
    }

    /// <summary>Minutes beyond the retention, and executors that have been gone for a day.</summary>
    internal async Task ForgetOldAsync(int keepDays, CancellationToken cancellation)
    {
        await using var batch = database.CreateBatch();
        var counters = new NpgsqlBatchCommand(ForgetOldCountersSql);
        counters.Parameters.With(keepDays);
        batch.BatchCommands.Add(counters);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(ForgetOldExecutorsSql));
        await batch.ExecuteNonQueryAsync(cancellation);
    }
}
