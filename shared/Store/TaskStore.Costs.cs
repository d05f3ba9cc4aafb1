namespace Millrace.Store;

/// <summary>What processes cost, and what the whole server writes ahead meanwhile.</summary>
internal sealed partial class TaskStore
{
    /// <summary>
    /// Adds to the running minute. What was written ahead since any process said something is told with it; the log of a server that was
    /// restored may begin anew.
    /// </summary>
    internal const string KeepCostsSql = """
        WITH before AS MATERIALIZED (
            SELECT position FROM wal_mark FOR UPDATE
        ), written AS (
            UPDATE wal_mark m SET position = pg_current_wal_lsn() FROM before
            RETURNING greatest(pg_wal_lsn_diff(m.position, before.position), 0)::bigint AS bytes
        )
        INSERT INTO costs (minute, kind, amount)
        SELECT date_trunc('minute', now()), c.kind, c.amount
        FROM (SELECT * FROM unnest($1::text[], $2::bigint[]) UNION ALL SELECT 'wal_bytes', bytes FROM written) AS c (kind, amount)
        WHERE c.amount > 0 ORDER BY c.kind
        ON CONFLICT (minute, kind) DO UPDATE SET amount = costs.amount + excluded.amount
        """;

    /// <summary>Of the last $1 minutes, the one that runs included.</summary>
    internal const string CostsSql = """
        SELECT kind, sum(amount)::bigint FROM costs WHERE minute > now() - make_interval(mins => $1) GROUP BY kind ORDER BY kind
        """;

    internal const string ForgetOldCostsSql = "DELETE FROM costs WHERE minute < now() - make_interval(days => $1)";

    private static readonly string[] CostWords = Array.ConvertAll(Enum.GetValues<CostKind>(), static kind => kind.Word());

    /// <param name="amounts">In the order of <see cref="CostKind"/>.</param>
    /// <param name="cancellation">Ends the wait.</param>
    internal async Task KeepCostsAsync(long[] amounts, CancellationToken cancellation)
    {
        await using var command = Command(KeepCostsSql);
        command.Parameters.With(CostWords).With(amounts);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
