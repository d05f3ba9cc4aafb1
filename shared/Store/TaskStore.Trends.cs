using Npgsql;

namespace Millrace.Store;

internal sealed partial class TaskStore
{
    /// <summary>Buckets lie on whole multiples of their length since 1970, so that one that was read again is the same.</summary>
    internal const string TrendStartSql = """
        SELECT date_bin(make_interval(mins => $2), now(), timestamptz 'epoch') - make_interval(mins => $2) * ($1 - 1)
        """;

    /// <summary>
    /// Counts of the last $1 buckets of $2 minutes, for type $3 and queue $4 where given. By minute first: there are few of those, and the
    /// arithmetic is then done for them only.
    /// </summary>
    internal const string TrendsSql = $"""
        WITH start AS MATERIALIZED (
            {TrendStartSql} AS at
        ), counted AS (
            SELECT minute, event, CASE WHEN event = 'succeeded' THEN label ELSE '' END AS label, sum(count) AS count, sum(total_ms) AS total_ms
            FROM counters
            WHERE minute >= (SELECT at FROM start) AND event IN ('accepted', 'succeeded', 'failed', 'retried', 'cancelled', 'expired')
              AND ($3::text IS NULL OR type = $3) AND ($4::text IS NULL OR queue_name = $4)
            GROUP BY 1, 2, 3
            UNION ALL
            SELECT minute, event, CASE WHEN event = 'succeeded' THEN label ELSE '' END, sum(count), sum(total_ms)
            FROM counter_deltas
            WHERE minute >= (SELECT at FROM start) AND event IN ('accepted', 'succeeded', 'failed', 'retried', 'cancelled', 'expired')
              AND ($3 IS NULL OR type = $3) AND ($4 IS NULL OR queue_name = $4)
            GROUP BY 1, 2, 3
        )
        SELECT (extract(epoch FROM minute - (SELECT at FROM start)) / 60)::integer / $2, event, label, sum(count)::bigint, sum(total_ms)::bigint
        FROM counted GROUP BY 1, 2, 3
        """;

    /// <summary>When the first bucket begins, and the counts of those in which anything happened.</summary>
    internal async Task<(DateTime Start, IReadOnlyList<TrendCount> Counts)> TrendsAsync(TrendWindow window, CancellationToken cancellation)
    {
        await using var batch = database.CreateBatch();
        var start = new NpgsqlBatchCommand(TrendStartSql);
        start.Parameters.With(window.Buckets).With(window.Minutes);
        var counts = new NpgsqlBatchCommand(TrendsSql);
        counts.Parameters.With(window.Buckets).With(window.Minutes).WithText(window.Type).WithText(window.QueueName);
        batch.BatchCommands.Add(start);
        batch.BatchCommands.Add(counts);
        await using var rows = await batch.ExecuteReaderAsync(cancellation);
        var at = (await ReadAllAsync(rows, static row => row.GetDateTime(0), cancellation))[0];
        await rows.NextResultAsync(cancellation);
        return (at, await ReadAllAsync(
            rows, static row => new TrendCount(row.GetInt32(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetInt64(4)), cancellation));
    }
}
