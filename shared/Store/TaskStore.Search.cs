using System.Text.Json;
using Millrace.Lifecycle;
using Millrace.Store.Rows;
using Npgsql;

namespace Millrace.Store;

/// <summary>
/// Search over all three places. A step looks at no more than $8 rows of each place, so it takes the same time whatever is looked for;
/// where a place has more, nothing below its last row is shown yet, for another place's rows would come out of order.
/// </summary>
internal sealed partial class TaskStore
{
    /// <summary>
    /// For the statements behind it in a batch. Otherwise PostgreSQL may keep one plan for all searches, in which nothing is folded; and a
    /// step is over before parallel workers have started, which PostgreSQL cannot know.
    /// </summary>
    internal const string PlanWithValuesSql = """
        SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('max_parallel_workers_per_gather', '0', true)
        """;

    /// <summary>
    /// Each OR is folded to the one case that $1 names when the statement is planned with its values, so the partial indexes match
    /// and the tables that cannot hold it are not read. What tickets hold is read only when it matters.
    /// </summary>
    private const string LiveMatches = """
        ($1::text IS NULL
         OR ($1 = 'waiting' AND t.id NOT IN (SELECT id FROM held))
         OR ($1 = 'blocked' AND t.state = 'blocked')
         OR ($1 = 'pending' AND t.state = 'pending' AND t.due_at <= now() AND t.id NOT IN (SELECT id FROM held))
         OR ($1 = 'scheduled' AND t.state = 'pending' AND t.due_at > now() AND t.attempts = 0)
         OR ($1 = 'retrying' AND t.state = 'pending' AND t.due_at > now() AND t.attempts > 0)
         OR ($1 IN ('dispatched', 'running') AND h.id = t.id AND t.id <= (SELECT id FROM held ORDER BY id DESC LIMIT 1)))
        AND ($2::text IS NULL OR t.type = $2) AND ($3::text IS NULL OR t.queue_name = $3) AND ($4::uuid IS NULL OR t.id < $4)
        AND ($5::text IS NULL OR t.external_id = $5) AND ($7::uuid IS NULL OR t.id >= $7) AND ($17::text[] IS NULL OR 'live' = ANY ($17))
        AND ($18::timestamptz IS NULL OR t.created_at <= $18)
        """;

    /// <summary>
    /// A type, or a queue in states that no small index holds, is sought among the live tasks one by one, so many in a step. Where there
    /// are more, the step ends at the edge.
    /// </summary>
    private const string IsSought = "($2::text IS NOT NULL OR $3::text IS NOT NULL) AND ($1::text IS NULL OR $1 IN ('waiting', 'pending', 'scheduled'))";

    private const string SoughtAtOnce = "8000";

    /// <summary>
    /// So are those that succeeded of one type in one queue, when they are so many by the counters that the index of kinds, which reads a
    /// hundred rows around each of them whatever page is asked for, is the longer road.
    /// </summary>
    private const string IsCommonKind = """
        ($2::text IS NOT NULL AND $3::text IS NOT NULL AND ($1::text IS NULL OR $1 = 'succeeded') AND (SELECT is_common FROM kind))
        """;

    private const string FirstId = "'00000000-0000-0000-0000-000000000000'";

    /// <summary>
    /// Nothing is live of a queue that is not known, or of a type that was never counted. No index of the live tasks knows types or queues in
    /// the order of ids, and one would cost every submission, so a million rows would be read to find none.
    /// </summary>
    private const string CanBeLive = """
        ($3 IS NULL OR EXISTS (SELECT FROM queues WHERE name = $3))
        AND ($2 IS NULL OR EXISTS (SELECT FROM counter_totals WHERE type = $2) OR EXISTS (SELECT FROM counter_deltas WHERE type = $2))
        """;

    private const string FinishedMatches = """
        ($1 IS NULL
         OR ($1 = 'succeeded' AND t.outcome = 'succeeded')
         OR ($1 = 'cancelled' AND t.outcome = 'cancelled')
         OR ($1 = 'expired' AND t.outcome = 'expired'))
        AND ($2 IS NULL OR t.type = $2) AND ($3 IS NULL OR t.queue_name = $3) AND ($4 IS NULL OR t.id < $4)
        AND ($5 IS NULL OR t.external_id = $5) AND ($7 IS NULL OR t.id >= $7) AND ($17 IS NULL OR 'finished' = ANY ($17))
        AND ($18 IS NULL OR t.finished_at <= $18)
        """;

    private const string DeadMatches = """
        ($1 IS NULL OR $1 = 'failed')
        AND ($2 IS NULL OR t.type = $2) AND ($3 IS NULL OR t.queue_name = $3) AND ($4 IS NULL OR t.id < $4)
        AND ($5 IS NULL OR t.external_id = $5) AND ($7 IS NULL OR t.id >= $7) AND ($6 IS NULL OR t.fingerprint = $6)
        AND ($17 IS NULL OR 'dead' = ANY ($17)) AND ($18 IS NULL OR t.died_at <= $18)
        """;

    /// <summary>What no index knows, of a task t in any place. Folded to true when nothing of it is looked for.</summary>
    private const string DeepMatches = """
        ($9::smallint IS NULL OR t.priority = $9)
        AND ($10::text IS NULL OR t.tags @> ARRAY[$10])
        AND ($11::text IS NULL OR t.history -> -1 ->> 'error_type' = $11)
        AND ($12::timestamptz IS NULL OR t.created_at >= $12) AND ($13::timestamptz IS NULL OR t.created_at < $13)
        AND ($14::text IS NULL OR EXISTS (
                SELECT FROM jsonb_array_elements(t.history) AS h (entry)
                WHERE strpos(lower(h.entry ->> 'error_type'), lower($14)) > 0 OR strpos(lower(h.entry ->> 'error_message'), lower($14)) > 0))
        AND ($15::jsonb IS NULL OR NOT EXISTS (
                SELECT FROM jsonb_to_recordset($15) AS p (path text[], value text)
                WHERE CASE WHEN strpos(t.data::text, '\u') = 0 THEN t.data #>> p.path ELSE text_at(t.data, p.path) END IS DISTINCT FROM p.value))
        AND ($16::text IS NULL OR t.type <> $16)
        """;

    private const string LastFailureMatches = """
        ($6::text IS NULL OR (t.history -> -1 -> 'error_type' IS NOT NULL
                        AND error_fingerprint(t.type, t.history -> -1 ->> 'error_type', t.history -> -1 ->> 'error_message') = $6))
        """;

    private const string LookedAt = $"""
        held AS MATERIALIZED (
            SELECT u.id FROM claims c JOIN tickets k ON k.id = c.ticket_id CROSS JOIN LATERAL unnest(c.task_ids) AS u (id)
            WHERE u.id IS NOT NULL AND ($3::text IS NULL OR k.queue_name = $3)
              AND ($1::text IN ('waiting', 'pending') OR ($1 = 'dispatched' AND k.started_at IS NULL) OR ($1 = 'running' AND k.started_at IS NOT NULL))
        ), edge AS MATERIALIZED (
            SELECT id FROM tasks WHERE {IsSought} AND ($4::uuid IS NULL OR id < $4) ORDER BY id DESC OFFSET {SoughtAtOnce} LIMIT 1
        ), live AS MATERIALIZED (
            SELECT t.id, {LastFailureMatches} AND {DeepMatches} AS matches
            FROM tasks t LEFT JOIN held h ON h.id = t.id AND $1 IN ('dispatched', 'running')
            WHERE {LiveMatches} AND {CanBeLive} AND t.id >= coalesce((SELECT id FROM edge), {FirstId}) ORDER BY t.id DESC LIMIT $8
        ), kind AS MATERIALIZED (
            SELECT coalesce(sum(count), 0) > 1000 AS is_common FROM counter_totals WHERE queue_name = $3 AND type = $2 AND event = 'succeeded'
        ), finished_edge AS MATERIALIZED (
            SELECT id FROM finished_tasks WHERE {IsCommonKind} AND ($4::uuid IS NULL OR id < $4) ORDER BY id DESC OFFSET {SoughtAtOnce} LIMIT 1
        ), finished AS MATERIALIZED (
            (SELECT t.id, t.finished_at, {LastFailureMatches} AND {DeepMatches} AS matches
             FROM finished_tasks t WHERE {FinishedMatches} AND NOT {IsCommonKind} ORDER BY t.id DESC LIMIT $8)
            UNION ALL
            (SELECT t.id, t.finished_at, {LastFailureMatches} AND {DeepMatches}
             FROM finished_tasks t WHERE {FinishedMatches} AND {IsCommonKind} AND t.id >= coalesce((SELECT id FROM finished_edge), {FirstId})
             ORDER BY t.id DESC LIMIT $8)
        ), dead AS MATERIALIZED (
            SELECT t.id, {DeepMatches} AS matches FROM dead_letters t WHERE {DeadMatches} ORDER BY t.id DESC LIMIT $8
        ), seen AS MATERIALIZED (
            SELECT (SELECT id FROM (SELECT id FROM edge UNION ALL SELECT id FROM finished_edge
                    UNION ALL SELECT (SELECT id FROM live ORDER BY id LIMIT 1) FROM live HAVING count(*) >= $8
                    UNION ALL SELECT (SELECT id FROM finished ORDER BY id LIMIT 1) FROM finished HAVING count(*) >= $8
                    UNION ALL SELECT (SELECT id FROM dead ORDER BY id LIMIT 1) FROM dead HAVING count(*) >= $8) AS ends (id)
                    ORDER BY id DESC LIMIT 1) AS floor
        ), matched AS MATERIALIZED (
            SELECT m.* FROM (SELECT id, 'live' AS place, NULL::timestamptz AS finished_at FROM live WHERE matches
                             UNION ALL SELECT id, 'finished', finished_at FROM finished WHERE matches
                             UNION ALL SELECT id, 'dead', NULL FROM dead WHERE matches) AS m, seen
            WHERE seen.floor IS NULL OR m.id >= seen.floor
        )
        """;

    /// <summary>The rows of page p, as a list shows them.</summary>
    private const string PageRows = $"""
        SELECT {InspectColumns.Live} FROM {InspectColumns.LiveTasks} WHERE p.place = 'live' AND t.id = p.id
        UNION ALL SELECT {InspectColumns.Finished} FROM finished_tasks f
                  WHERE p.place = 'finished' AND f.id = p.id AND f.finished_at = p.finished_at
        UNION ALL SELECT {InspectColumns.Dead} FROM dead_letters d WHERE p.place = 'dead' AND d.id = p.id
        """;

    /// <summary>Ids first, $19 passed over, then the rows of up to $20 of them; the last row says how far the step came.</summary>
    internal const string SearchSql = $"""
        WITH {LookedAt}, page AS MATERIALIZED (
            SELECT * FROM matched ORDER BY id DESC OFFSET $19 LIMIT $20
        ), shown AS (
            SELECT s.* FROM page p CROSS JOIN LATERAL ({PageRows}) AS s
        )
        SELECT {InspectColumns.Listed}, NULL::bigint, NULL::uuid FROM shown s
        UNION ALL
        SELECT {InspectColumns.NothingListed}, (SELECT count(*) FROM matched), (SELECT floor FROM seen)
        ORDER BY 1 DESC NULLS LAST
        """;

    /// <summary>Only the ids, up to $19 of them, newest first; the last row says how far the step came.</summary>
    internal const string SearchIdsSql = $"""
        WITH {LookedAt}
        (SELECT id, NULL::uuid FROM matched ORDER BY id DESC LIMIT $19)
        UNION ALL SELECT NULL, (SELECT floor FROM seen)
        ORDER BY 1 DESC NULLS LAST
        """;

    /// <summary>How far the host's clock, which makes ids, may be from the database's, which tells created_at.</summary>
    private static readonly TimeSpan ClocksApart = TimeSpan.FromDays(1);

    /// <summary>One step of a search: tasks of all three places, each as much as a list needs.</summary>
    /// <param name="filter">What is looked for.</param>
    /// <param name="atOnce">How many rows of each place are looked at.</param>
    /// <param name="cancellation">Ends the wait.</param>
    internal async Task<SearchStep> SearchAsync(TaskFilter filter, int atOnce, CancellationToken cancellation)
    {
        await using var batch = NewBatch();
        batch.Add(PlanWithValuesSql);
        AddFilter(batch.Add(SearchSql), filter, atOnce).With((long)filter.Skip).With((long)filter.Limit);
        await using var rows = await batch.ExecuteReaderAsync(cancellation);
        await rows.NextResultAsync(cancellation);
        List<StoredTask> tasks = [];
        while (await rows.ReadAsync(cancellation))
        {
            if (rows.IsDBNull(0))
            {
                return new SearchStep(tasks, rows.GetInt64(rows.FieldCount - 2), FloorIn(rows, rows.FieldCount - 1));
            }

            tasks.Add(InspectColumns.Read(rows));
        }

        throw new System.Diagnostics.UnreachableException("The last row of a search says how far it came.");
    }

    /// <summary>The same, but ids only.</summary>
    internal async Task<(IReadOnlyList<TaskId> Ids, TaskId? Floor)> SearchIdsAsync(TaskFilter filter, int atOnce, CancellationToken cancellation)
    {
        await using var batch = NewBatch();
        batch.Add(PlanWithValuesSql);
        AddFilter(batch.Add(SearchIdsSql), filter, atOnce).With((long)filter.Limit);
        await using var rows = await batch.ExecuteReaderAsync(cancellation);
        await rows.NextResultAsync(cancellation);
        List<TaskId> ids = [];
        while (await rows.ReadAsync(cancellation) && !rows.IsDBNull(0))
        {
            ids.Add(new TaskId(rows.GetGuid(0)));
        }

        return (ids, FloorIn(rows, 1));
    }

    private static NpgsqlParameterCollection AddFilter(NpgsqlParameterCollection parameters, TaskFilter filter, int atOnce) => parameters
        .WithText(filter.WaitingOnly ? "waiting" : filter.State?.Word()).WithText(filter.Type).WithText(filter.QueueName).WithId(Below(filter)?.Value)
        .WithText(filter.ExternalId).WithText(filter.Fingerprint)
        .WithId(filter.CreatedAfter is { } after ? TaskId.First(after - ClocksApart).Value : null)
        .With((long)atOnce).With(filter.Priority).WithText(filter.Tag).WithText(filter.ErrorType)
        .WithTime(filter.CreatedAfter).WithTime(filter.CreatedBefore).WithText(filter.Text)
        .WithJsonb(filter.Data.Count == 0 ? null : JsonSerializer.SerializeToUtf8Bytes(filter.Data, StoreJson.Default.IReadOnlyListDataPath))
        .WithText(filter.ButType).WithTexts(filter.Places?.Select(static place => place.ToString().ToLowerInvariant()).ToArray())
        .WithTime(filter.ThereBy);

    /// <summary>Where to begin: below the page before, and not above what can have been created in time.</summary>
    private static TaskId? Below(TaskFilter filter)
    {
        if (filter.CreatedBefore is not { } before)
        {
            return filter.Before;
        }

        var last = TaskId.First(before + ClocksApart);
        return filter.Before is { } page && TaskId.Compare(page, last) < 0 ? page : last;
    }

    private static TaskId? FloorIn(StoreReader row, int column) => row.IsDBNull(column) ? null : new TaskId(row.GetGuid(column));
}
