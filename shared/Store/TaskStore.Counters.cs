using Millrace.Store.Rows;

namespace Millrace.Store;

internal sealed partial class TaskStore
{
    /// <summary>
    /// What is folded and what is not yet, added up; both in one snapshot, so nothing is missed or counted twice. The $1 oldest queues by their names and
    /// all others as one: a name that is told goes on being told, so no series goes back. The last column says whether the label is in the books already.
    /// </summary>
    internal const string CounterTotalsSql = """
        WITH named AS MATERIALIZED (SELECT name FROM queues ORDER BY created_at, name LIMIT $1)
        SELECT CASE WHEN queue_name IN (SELECT name FROM named) THEN queue_name ELSE 'other' END, type, event,
               CASE WHEN event IN ('moved', 'replayed', 'rerun') THEN '' ELSE label END,
               sum(count)::bigint, sum(total_ms)::bigint, bool_or(folded)
        FROM (SELECT queue_name, type, event, label, count, total_ms, true AS folded FROM counter_totals
              UNION ALL SELECT queue_name, type, event, label, count, total_ms, false FROM counter_deltas) AS c
        GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
        """;

    /// <summary>The last $1 minutes, the one that runs included.</summary>
    internal const string MinuteCountsSql = """
        SELECT minute, event, sum(count)::bigint, sum(total_ms)::bigint
        FROM (SELECT minute, event, count, total_ms FROM counters WHERE minute > now() - make_interval(mins => $1)
              UNION ALL
              SELECT minute, event, count, total_ms FROM counter_deltas WHERE minute > now() - make_interval(mins => $1)) AS c
        GROUP BY 1, 2 ORDER BY 1, 2
        """;

    /// <summary>The errors of an executor that is gone are shown for as long as its row is kept.</summary>
    private static readonly TimeSpan ErrorsShown = TimeSpan.FromDays(1);

    internal const string NowSql = "SELECT now()";

    /// <summary>Everything that /metrics shows, in one round trip.</summary>
    /// <param name="lostAfter">Silence after which an executor counts as lost.</param>
    /// <param name="namedQueues">How many queues are told by their names; the counts of the others are added up.</param>
    /// <param name="cancellation">Stops the read.</param>
    internal async Task<(IReadOnlyList<CounterTotal> Totals, IReadOnlyList<QueueDepth> Depths, IReadOnlyList<ExecutorRow> Executors)> MetricsAsync(
        TimeSpan lostAfter, int namedQueues, CancellationToken cancellation)
    {
        await using var batch = NewBatch();
        batch.Add(CounterTotalsSql).With((long)namedQueues);
        batch.Add(DepthSql);
        AddExecutors(batch, lostAfter, ErrorsShown, null);
        await using var rows = await batch.ExecuteReaderAsync(cancellation);
        var totals = await ReadAllAsync(rows, ReadTotal, cancellation);
        await rows.NextResultAsync(cancellation);
        var depths = await ReadAllAsync(rows, ReadDepth, cancellation);
        await rows.NextResultAsync(cancellation);
        return (totals, depths, await ReadAllAsync(rows, ReadExecutor, cancellation));
    }

    /// <summary>Everything that the dashboard's front page shows, in one round trip; with the database's time.</summary>
    internal async Task<DashboardCounts> DashboardAsync(int minutes, TimeSpan lostAfter, CancellationToken cancellation)
    {
        await using var batch = NewBatch();
        batch.Add(NowSql);
        batch.Add(MinuteCountsSql).With(minutes);
        batch.Add(CounterTotalsSql).With(0L);
        AddExecutors(batch, lostAfter, TimeSpan.Zero, null);
        batch.Add(CostsSql).With(minutes);
        await using var rows = await batch.ExecuteReaderAsync(cancellation);
        var now = (await ReadAllAsync(rows, static r => r.GetDateTime(0), cancellation))[0];
        await rows.NextResultAsync(cancellation);
        var counts = await ReadAllAsync(rows, ReadMinute, cancellation);
        await rows.NextResultAsync(cancellation);
        var totals = await ReadAllAsync(rows, ReadTotal, cancellation);
        await rows.NextResultAsync(cancellation);
        var executors = await ReadAllAsync(rows, ReadExecutor, cancellation);
        await rows.NextResultAsync(cancellation);
        var costs = await ReadAllAsync(rows, static r => KeyValuePair.Create(r.GetString(0), r.GetInt64(1)), cancellation);
        return new DashboardCounts(now, counts, totals, executors, new Dictionary<string, long>(costs));
    }

    private static MinuteCount ReadMinute(StoreReader row) => new(
        row.GetDateTime(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3));

    private static CounterTotal ReadTotal(StoreReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt64(4), row.GetInt64(5))
    {
        IsFolded = row.GetBoolean(6),
    };

    /// <summary>Every row of the reader's current result.</summary>
    private static async Task<IReadOnlyList<T>> ReadAllAsync<T>(
        StoreReader rows, Func<StoreReader, T> read, CancellationToken cancellation)
    {
        List<T> all = [];
        while (await rows.ReadAsync(cancellation))
        {
            all.Add(read(rows));
        }

        return all;
    }
}
