using Npgsql;

namespace Millrace.Local.Demo;

/// <summary>The ledger of the demo's queue over all its runs, from one statement, so from one snapshot.</summary>
internal sealed class DemoLedger(NpgsqlDataSource database)
{
    private const string Sql = """
        WITH counted AS (
            SELECT event, count FROM counter_deltas WHERE queue_name = 'demo'
            UNION ALL
            SELECT event, count FROM counter_totals WHERE queue_name = 'demo'
        ), every AS (
            SELECT id, tags, context, 'live' AS place FROM tasks WHERE queue_name = 'demo'
            UNION ALL
            SELECT id, tags, context, outcome::text FROM finished_tasks WHERE queue_name = 'demo'
            UNION ALL
            SELECT id, tags, context, 'failed' FROM dead_letters WHERE queue_name = 'demo'
        ), places AS (
            SELECT place, count(*) AS count FROM every GROUP BY 1
        )
        SELECT (SELECT coalesce(sum(count), 0)::bigint FROM counted WHERE event = 'accepted'),
               coalesce((SELECT count FROM places WHERE place = 'live'), 0),
               coalesce((SELECT count FROM places WHERE place = 'succeeded'), 0),
               coalesce((SELECT count FROM places WHERE place = 'failed'), 0),
               coalesce((SELECT count FROM places WHERE place = 'cancelled'), 0),
               coalesce((SELECT count FROM places WHERE place = 'expired'), 0),
               (SELECT coalesce(sum(count), 0)::bigint FROM counted WHERE event = 'dropped'),
               (SELECT count(*) - count(DISTINCT id) FROM every)
                   + (SELECT count(*) - count(DISTINCT (tags, context ->> 'row')) FROM every WHERE context IS NOT NULL)
        """;

    internal async Task<LedgerFigures> ReadAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(Sql);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        await rows.ReadAsync(cancellation);
        return new LedgerFigures(
            rows.GetInt64(0), rows.GetInt64(1), rows.GetInt64(2), rows.GetInt64(3), rows.GetInt64(4), rows.GetInt64(5), rows.GetInt64(6), rows.GetInt64(7));
    }
}
