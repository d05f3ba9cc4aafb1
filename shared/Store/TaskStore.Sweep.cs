using System.Diagnostics;
using Npgsql;

namespace Millrace.Store;

/// <summary>Finds what lies behind the marks of claims, which pass over it.</summary>
internal sealed partial class TaskStore
{
    /// <summary>
    /// The first task of each priority that is due and not claimed, of each of the queues $1 up to its marks, ten of each queue in ($2, $3): of those that have
    /// come to be due within $4, or of all where that is null.
    /// </summary>
    internal const string SweepSql = $"""
        SELECT s.queue_name, f.priority, f.due_at
        FROM (SELECT unnest($1::text[]) AS queue_name, unnest($4::interval[]) AS reach, 10 * (generate_subscripts($1::text[], 1) - 1) AS first) AS s
        CROSS JOIN LATERAL (
            WITH taken AS MATERIALIZED (
                {ClaimedIds} AND c.queue_name = s.queue_name
            )
            SELECT p.priority::smallint, d.due_at
            FROM generate_series(1, 10) AS p (priority) CROSS JOIN LATERAL (
                SELECT due_at FROM tasks
                WHERE queue_name = s.queue_name AND state = 'pending' AND crashes < 2 AND priority = p.priority::smallint
                  AND (due_at, id) <= (($2::timestamptz[])[s.first + p.priority], ($3::uuid[])[s.first + p.priority])
                  AND due_at >= coalesce(now() - s.reach, '-infinity')
                  AND (expires_at IS NULL OR expires_at > now()) AND id NOT IN (SELECT id FROM taken)
                ORDER BY due_at, id LIMIT 1) AS d
        ) AS f
        """;

    /// <summary>Sweeps that have begun: the quick ones in one statement.</summary>
    private async Task SweepAsync(IReadOnlyList<ClaimSweep> sweeps)
    {
        foreach (var some in sweeps.GroupBy(static sweep => sweep.Alone ? sweep.QueueName : string.Empty, StringComparer.Ordinal))
        {
            await SweepTogetherAsync([.. some]);
        }
    }

    /// <summary>What is not found for an error, the next sweep will find.</summary>
    private async Task SweepTogetherAsync(IReadOnlyList<ClaimSweep> sweeps)
    {
        var began = Stopwatch.GetTimestamp();
        IReadOnlyList<FoundBehind>? found = null;
        try
        {
            var looks = sweeps.Select(sweep => marks.Look(sweep.QueueName)).ToList();
            await using var batch = SteadyBatch();
            batch.Add(SweepSql).With(Column(sweeps, static sweep => sweep.QueueName))
                .With(looks.SelectMany(static look => look.Due).ToArray()).With(looks.SelectMany(static look => look.Ids).ToArray())
                .With(Column(sweeps, static sweep => sweep.Reach));
            await using var rows = await ReadSteadyAsync(batch, CancellationToken.None);
            found = await ReadAllAsync(rows, static row => new FoundBehind(row.GetString(0), row.GetInt16(1), row.GetDateTime(2)), CancellationToken.None);
        }
        catch (Exception exception) when (exception is NpgsqlException or ObjectDisposedException)
        {
            // PostgreSQL is away, or the process ends.
        }
        finally
        {
            marks.EndSweeps(sweeps, Stopwatch.GetElapsedTime(began), found);
        }
    }
}
