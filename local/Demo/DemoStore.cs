using Microsoft.Extensions.DependencyInjection;
using Millrace.Local.Hosting;
using Millrace.Store;
using Millrace.Store.Rows;
using Npgsql;

namespace Millrace.Local.Demo;

/// <summary>What the demo reads straight from PostgreSQL: how far its runs have come, and the sums of its tables. It writes nothing.</summary>
internal sealed class DemoStore(NpgsqlDataSource database, DemoLedger ledger)
{
    /// <summary>The queue of the demo's tasks, so that they mix with nothing.</summary>
    internal const string Queue = "demo";

    private const string Every = """
        every AS (
            SELECT id, tags, data, context, created_at, attempts, 'live' AS place, NULL::timestamptz AS ended_at, NULL::json AS result
            FROM tasks WHERE queue_name = 'demo'
            UNION ALL
            SELECT id, tags, data, context, created_at, attempts, outcome::text, finished_at, result FROM finished_tasks WHERE queue_name = 'demo'
            UNION ALL
            SELECT id, tags, data, context, created_at, attempts, reason::text, died_at, NULL FROM dead_letters WHERE queue_name = 'demo'
        )
        """;

    private const string RunsSql = $"""
        WITH {Every}
        SELECT tag, max((context ->> 'row')::integer), count(*) FILTER (WHERE place = 'live')
        FROM every CROSS JOIN unnest(tags) AS tag WHERE tag LIKE 'run-%' GROUP BY 1
        """;

    private const string ProgressSql = """
        WITH counted AS (
            SELECT event, count FROM counter_deltas WHERE queue_name = 'demo'
            UNION ALL
            SELECT event, count FROM counter_totals WHERE queue_name = 'demo'
        )
        SELECT coalesce(sum(count) FILTER (WHERE event = 'accepted'), 0)::bigint, coalesce(sum(count) FILTER (WHERE event = 'succeeded'), 0)::bigint,
               coalesce(sum(count) FILTER (WHERE event = 'failed'), 0)::bigint,
               coalesce(sum(count) FILTER (WHERE event IN ('cancelled', 'expired')), 0)::bigint,
               coalesce(sum(count) FILTER (WHERE event = 'retried'), 0)::bigint
        FROM counted
        """;

    private const string LiveSql = "SELECT count(*) FROM tasks WHERE queue_name = 'demo' AND tags @> ARRAY[$1]";

    private const string AirportsSql = $"""
        WITH {Every}
        SELECT data ->> 'origin', count(*)::integer, count(*) FILTER (WHERE place = 'succeeded')::integer,
               coalesce(sum((data ->> 'delay')::integer) FILTER (WHERE place = 'succeeded'), 0)::bigint,
               count(*) FILTER (WHERE (result ->> 'on_time')::boolean)::integer,
               count(*) FILTER (WHERE place = 'rejected')::integer,
               count(*) FILTER (WHERE place IN ('exhausted', 'unreadable', 'poison'))::integer
        FROM every WHERE tags @> ARRAY[$1] GROUP BY 1 ORDER BY 2 DESC, 1
        """;

    private const string DeadLettersSql = """
        SELECT reason::text, last ->> 'error_type', count(*)::integer, min(attempts)::integer, max(attempts)::integer,
               (array_agg(format('%s %s-%s, %s mi, %s min', data ->> 'date', data ->> 'origin', data ->> 'destination',
                                 data ->> 'distance', data ->> 'delay') ORDER BY id))[:3],
               (array_agg(last ->> 'error_message' ORDER BY id))[1]
        FROM dead_letters CROSS JOIN LATERAL (SELECT history -> -1 AS last) AS h
        WHERE queue_name = 'demo' AND tags @> ARRAY[$1] GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2
        """;

    private const string TimesSql = $"""
        WITH {Every}
        SELECT count(*), coalesce(sum(attempts), 0)::bigint,
               coalesce(extract(epoch FROM max(ended_at) - min(created_at)), 0)::float8,
               coalesce(extract(epoch FROM percentile_disc(0.98) WITHIN GROUP (ORDER BY ended_at) - min(created_at)), 0)::float8
        FROM every WHERE tags @> ARRAY[$1]
        """;

    internal DemoLedger Ledger => ledger;

    internal static DemoStore Of(FunctionsHost host)
    {
        var database = host.Services.GetRequiredService<NpgsqlDataSource>();
        return new(database, new DemoLedger(host.Services.GetRequiredService<TaskStore>(), database));
    }

    internal Task<List<DemoRunState>> RunsAsync(CancellationToken cancellation) => ReadAsync(
        RunsSql, null, static row => new DemoRunState(row.GetString(0), row.GetInt32(1), row.GetInt64(2)), cancellation);

    internal async Task<DemoProgress> ProgressAsync(CancellationToken cancellation)
    {
        var rows = await ReadAsync(
            ProgressSql,
            null,
            static row => new DemoProgress(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4)),
            cancellation);
        return rows[0];
    }

    internal async Task<long> LiveAsync(string run, CancellationToken cancellation) =>
        (await ReadAsync(LiveSql, run, static row => row.GetInt64(0), cancellation))[0];

    internal Task<List<AirportRow>> AirportsAsync(string run, CancellationToken cancellation) => ReadAsync(
        AirportsSql,
        run,
        static row => new AirportRow(
            row.GetString(0), row.GetInt32(1), row.GetInt32(2), row.GetInt64(3), row.GetInt32(4), row.GetInt32(5), row.GetInt32(6)),
        cancellation);

    internal Task<List<DeadLetterGroup>> DeadLettersAsync(string run, CancellationToken cancellation) => ReadAsync(
        DeadLettersSql,
        run,
        static row => new DeadLetterGroup(
            row.GetString(0), row.GetString(1), row.GetInt32(2), row.GetInt32(3), row.GetInt32(4), row.GetFieldValue<string[]>(5), row.GetString(6)),
        cancellation);

    internal async Task<DemoTimes> TimesAsync(string run, CancellationToken cancellation)
    {
        var rows = await ReadAsync(
            TimesSql,
            run,
            static row => new DemoTimes(
                row.GetInt64(0), row.GetInt64(1), TimeSpan.FromSeconds(row.GetDouble(2)), TimeSpan.FromSeconds(row.GetDouble(3))),
            cancellation);
        return rows[0];
    }

    private async Task<List<T>> ReadAsync<T>(string sql, string? run, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(sql);
        if (run is not null)
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = run });
        }

        await using var rows = await command.ExecuteReaderAsync(cancellation);
        List<T> list = [];
        while (await rows.ReadAsync(cancellation))
        {
            list.Add(read(rows));
        }

        return list;
    }
}
