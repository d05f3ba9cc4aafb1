using Millrace.Store.Rows;
using Npgsql;

namespace Millrace.Store;

internal sealed partial class TaskStore
{
    /// <summary>Buckets lie on whole multiples of their length since 1970, so that one that was read again is the same.</summary>
    internal const string TrendStartSql = $"SELECT {TrendStart}";

    /// <summary>
    /// Counts of the last $1 buckets of $2 minutes, for type $3 and queue $4 where given. Made to be cheap over hundreds of thousands of rows:
    /// one pass, no arithmetic on numeric (a float8 is exact up to 2^53), and whole events, for a filter by their names costs more.
    /// </summary>
    internal const string TrendsSql = $"""
        SELECT {Bucket}, event, label, sum(count)::bigint, sum(total_ms)::bigint
        FROM (SELECT minute, event, label, count::float8 AS count, total_ms::float8 AS total_ms FROM counters
              WHERE minute >= {TrendStart} AND ($3::text IS NULL OR type = $3) AND ($4::text IS NULL OR queue_name = $4)
              UNION ALL {NotFolded}) AS c
        GROUP BY 1, 2, 3
        """;

    /// <summary>The same from sums of $5 minutes, of which a bucket is a multiple: a month of them is no more rows than a day of minutes.</summary>
    internal const string TrendSumsSql = $"""
        SELECT {Bucket}, event, label, sum(count)::bigint, sum(total_ms)::bigint
        FROM (SELECT since AS minute, event, label, count::float8 AS count, total_ms::float8 AS total_ms FROM counter_sums
              WHERE minutes = $5::smallint AND queue_name = coalesce($4::text, '') AND type = coalesce($3::text, '') AND since >= {TrendStart}
              UNION ALL {NotFolded}) AS c
        GROUP BY 1, 2, 3
        """;

    private const string TrendStart = "date_bin(make_interval(mins => $2), now(), timestamptz 'epoch') - make_interval(mins => $2) * ($1 - 1)";

    private const string Bucket = "date_bin(make_interval(mins => $2), minute, timestamptz 'epoch')";

    private const string NotFolded = $"""
        SELECT minute, event, label, count::float8, total_ms::float8 FROM counter_deltas
              WHERE minute >= {TrendStart} AND ($3 IS NULL OR type = $3) AND ($4 IS NULL OR queue_name = $4)
        """;

    /// <summary>When the first bucket begins, and the counts of those in which anything happened.</summary>
    internal async Task<(DateTime Start, IReadOnlyList<TrendCount> Counts)> TrendsAsync(TrendWindow window, CancellationToken cancellation)
    {
        await using var batch = NewBatch();
        batch.Add(TrendStartSql).With(window.Buckets).With(window.Minutes);
        var counts = batch.Add(window.Sums is null ? TrendsSql : TrendSumsSql);
        counts.With(window.Buckets).With(window.Minutes).WithText(window.Type).WithText(window.QueueName);
        if (window.Sums is { } sums)
        {
            counts.With(sums);
        }

        await using var rows = await batch.ExecuteReaderAsync(cancellation);
        var at = (await ReadAllAsync(rows, static row => row.GetDateTime(0), cancellation))[0];
        await rows.NextResultAsync(cancellation);
        return (at, await ReadAllAsync(
            rows, row => new TrendCount((int)((row.GetDateTime(0) - at).TotalMinutes / window.Minutes), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetInt64(4)), cancellation));
    }
}
