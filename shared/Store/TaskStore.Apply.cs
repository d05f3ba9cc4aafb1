using System.Diagnostics;
using Millrace.Lifecycle;
using Millrace.Store.Rows;
using Npgsql;

namespace Millrace.Store;

/// <summary>The one way to change a claimed task. Each statement proves that ticket $1 still holds it, in the same place: a
/// repeated write cannot meet the same task on a later visit. The claims are locked before the tasks; so executor and healer, who may write
/// about the same ticket at the same time, take turns, and the second sees what the first left.</summary>
internal sealed partial class TaskStore
{
    /// <summary>The attempt that has just ended, as history keeps it; $2 is the executor.</summary>
    private const string HistoryEntry = """
        jsonb_build_array(jsonb_strip_nulls(jsonb_build_object(
            'attempt', t.attempts + 1, 'replay', t.replays, 'outcome', CASE WHEN e.crashed THEN 'crashed' ELSE 'failed' END,
            'error_type', e.error_type, 'error_message', e.error_message, 'trace', e.trace, 'executor_id', $2::uuid,
            'started_at', now() - make_interval(secs => e.age_ms / 1000.0), 'ended_at', now(), 'run_ms', e.run_ms)))
        """;

    /// <summary>
    /// Where ticket $1 of executor $2 holds tasks, from the first of the places $4 on. A database that was put back to an earlier state gives numbers of tickets a
    /// second time, so the number alone proves nothing. The ids are appended to nothing, so that they are fetched once and
    /// not for every task that is looked up among them.
    /// </summary>
    private const string Held = """
        held AS MATERIALIZED (
            SELECT first_place, last_place, remaining, task_ids || '{}'::uuid[] AS task_ids FROM claims
            WHERE ticket_id = $1 AND last_place >= (SELECT min(place) FROM (SELECT unnest($4::integer[]) AS place) AS p)
              AND (SELECT executor_id FROM tickets WHERE id = $1) IS NOT DISTINCT FROM $2
            ORDER BY last_place FOR UPDATE
        )
        """;

    /// <summary>Task e is held, in its place.</summary>
    private const string IsHeld = """
        JOIN held h ON e.place BETWEEN h.first_place AND h.last_place AND h.task_ids[e.place - h.first_place + 1] = e.id
        """;

    /// <summary>Those that "gone" has not: they are not changed.</summary>
    private const string NotGone = "SELECT e.id FROM (SELECT unnest($3::uuid[]) AS id) AS e WHERE e.id NOT IN (SELECT id FROM gone)";

    /// <summary>
    /// The tasks of "gone" are not held any more. Their ids leave the claim too: one that is replayed while its neighbours still run is not
    /// taken for claimed. How many are left is told from the row that was locked: somebody may have written to it since the snapshot.
    /// The least place keeps PostgreSQL from the ticket's claims that have ended, which an old snapshot keeps in the index.
    /// </summary>
    private const string LetGo = """
        counts AS (
            SELECT h.last_place, h.task_ids, h.remaining - g.tasks AS remaining
            FROM (SELECT last_place, count(*) AS tasks FROM gone GROUP BY 1) AS g JOIN held h ON h.last_place = g.last_place
        ), emptied AS (
            DELETE FROM claims c USING counts n
            WHERE c.ticket_id = $1 AND c.last_place >= (SELECT min(last_place) FROM held) AND c.last_place = n.last_place AND n.remaining = 0
        ), left_over AS (
            UPDATE claims c SET remaining = n.remaining, task_ids = (
                SELECT array_agg(CASE WHEN u.id NOT IN (SELECT id FROM gone) THEN u.id END ORDER BY u.n)
                FROM (SELECT unnest(n.task_ids) AS id, generate_subscripts(n.task_ids, 1) AS n) AS u)
            FROM counts n
            WHERE c.ticket_id = $1 AND c.last_place >= (SELECT min(last_place) FROM held) AND c.last_place = n.last_place AND n.remaining > 0
        )
        """;

    internal const string FinishSql = $"""
        WITH {Held}, ended AS MATERIALIZED (
            SELECT e.*, h.last_place
            FROM (SELECT unnest($3::uuid[]) AS id, unnest($4::integer[]) AS place, unnest($5::text[]) AS outcome, unnest($6::json[]) AS result,
                  unnest($7::bigint[]) AS age_ms, unnest($8::bigint[]) AS run_ms) AS e
            {IsHeld}
        ), gone AS (
            DELETE FROM tasks t USING ended e WHERE t.id = ANY ($3) AND t.id = e.id
            RETURNING e.last_place, t.id, t.queue_name, t.type, e.outcome::finished_as AS outcome, e.run_ms, e.age_ms, e.result, {TaskColumns.MovedBesides},
                      t.attempts, t.crashes, t.history
        ), {LetGo}, finished AS (
            INSERT INTO finished_tasks ({TaskColumns.Moved}, attempts, crashes, history, outcome, result, executor_id, started_at,
                                        finished_at, result_expires_at)
            SELECT {TaskColumns.Moved}, attempts + (age_ms IS NOT NULL)::int, crashes, history, outcome, result, $2,
                   now() - make_interval(secs => age_ms / 1000.0), now(), now() + make_interval(secs => result_ttl_seconds)
            FROM gone
        ), counted AS (
            INSERT INTO counter_deltas (queue_name, type, event, label, count, total_ms)
            SELECT queue_name, type, outcome::text, {DurationBuckets.Expression}, count(*), sum(run_ms) FROM gone GROUP BY 1, 2, 3, 4
        )
        {NotGone}
        """;

    /// <summary>A cancel that came meanwhile wins: such a task is answered as not applied.</summary>
    internal const string WaitAgainSql = $"""
        WITH {Held}, ended AS MATERIALIZED (
            SELECT e.*, h.last_place
            FROM (SELECT unnest($3::uuid[]) AS id, unnest($4::integer[]) AS place, unnest($5::float8[]) AS delay_seconds, unnest($6::boolean[]) AS crashed,
                  unnest($7::text[]) AS error_type, unnest($8::text[]) AS error_message, unnest($9::text[]) AS trace,
                  unnest($10::bigint[]) AS age_ms, unnest($11::bigint[]) AS run_ms) AS e
            {IsHeld}
        ), gone AS (
            UPDATE tasks t SET
                due_at = coalesce(now() + make_interval(secs => e.delay_seconds), t.due_at),
                attempts = t.attempts + (e.error_type IS NOT NULL)::int, crashes = t.crashes + e.crashed::int,
                history = CASE WHEN e.error_type IS NULL THEN t.history ELSE history_with(t.history, {HistoryEntry}) END
            FROM ended e WHERE t.id = ANY ($3) AND t.id = e.id AND NOT t.cancel_requested
            RETURNING t.id, t.queue_name, t.type, e.error_type, e.crashed, e.run_ms, e.last_place
        ), {LetGo}, counted AS (
            INSERT INTO counter_deltas (queue_name, type, event, label, count, total_ms)
            SELECT queue_name, type, CASE WHEN error_type IS NULL THEN 'released' ELSE 'retried' END, coalesce(error_type, ''),
                   count(*), sum(run_ms)
            FROM gone GROUP BY 1, 2, 3, 4
        )
        {NotGone}
        """;

    /// <summary>Unless trying again could not have helped, a cancel that came meanwhile wins here too, and so does an attempt that was given back.</summary>
    internal const string BurySql = $"""
        WITH {Held}, ended AS MATERIALIZED (
            SELECT e.*, e.reason IN ('poison', 'interrupted') AS crashed, h.last_place
            FROM (SELECT unnest($3::uuid[]) AS id, unnest($4::integer[]) AS place, unnest($5::text[]) AS reason, unnest($6::text[]) AS error_type,
                  unnest($7::text[]) AS error_message, unnest($8::text[]) AS trace, unnest($9::bigint[]) AS age_ms, unnest($10::bigint[]) AS run_ms) AS e
            {IsHeld}
        ), gone AS (
            DELETE FROM tasks t USING ended e
            WHERE t.id = ANY ($3) AND t.id = e.id AND (e.reason IN ('rejected', 'unreadable') OR NOT t.cancel_requested AND t.attempts >= t.max_retries)
            RETURNING t.*, e.reason::death_reason AS reason, e.age_ms, e.run_ms, e.error_type, e.crashed, e.last_place,
                      history_with(t.history, {HistoryEntry}) AS whole_history
        ), {LetGo}, dead AS (
            INSERT INTO dead_letters ({TaskColumns.Moved}, attempts, crashes, history, reason, executor_id, started_at)
            SELECT {TaskColumns.Moved}, attempts + 1, crashes + crashed::int, whole_history, reason, $2,
                   now() - make_interval(secs => age_ms / 1000.0)
            FROM gone
        ), counted AS (
            INSERT INTO counter_deltas (queue_name, type, event, label, count, total_ms)
            SELECT queue_name, type, 'failed', error_type, count(*), sum(run_ms) FROM gone GROUP BY 1, 2, 3, 4
        )
        {NotGone}
        """;

    /// <summary>Writes what became of tasks of one ticket: all kinds together, one round trip, one transaction.</summary>
    /// <returns>The tasks that were not changed: their ticket no longer holds them, a cancel came before a retry or a death, or an attempt was given back before a death.</returns>
    internal Task<IReadOnlyList<TaskId>> ApplyAsync(
        TicketId ticket, ExecutorId? executor, IReadOnlyList<AttemptResult> results, CancellationToken cancellation) =>
        ApplyAsync(ticket, executor, results, [], cancellation);

    /// <summary>The same for the ticket of a dead executor, of whose tasks some had a part in its death.</summary>
    internal async Task<IReadOnlyList<TaskId>> ApplyAsync(
        TicketId ticket, ExecutorId? executor, IReadOnlyList<AttemptResult> results, IReadOnlyList<(TaskId Task, bool Charged)> parts,
        CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        await using var batch = SteadyBatch(HashedPlanSql);
        if (parts.Count > 0 && executor is { } dead)
        {
            AddCrash(batch, ticket, dead, parts);
        }

        AddFinish(batch, ticket, executor, results);
        AddWaitAgain(batch, ticket, executor, results);
        AddBury(batch, ticket, executor, results);
        await using var rows = await ReadSteadyAsync(batch, cancellation);
        List<TaskId>? unchanged = null;
        do
        {
            while (await rows.ReadAsync(cancellation))
            {
                (unchanged ??= []).Add(new TaskId(rows.GetGuid(0)));
            }
        }
        while (await rows.NextResultAsync(cancellation));

        // What was written before it was due comes behind every mark.
        var took = Stopwatch.GetElapsedTime(began);
        if (results.Any(static result => result.What.IsDueAtOnce))
        {
            marks.Forget();
        }
        else if (results.Any(result => result.What.Waits <= took))
        {
            marks.SweepSoon(took);
        }

        return unchanged ?? (IReadOnlyList<TaskId>)[];
    }

    private static void AddFinish(StoreBatch batch, TicketId ticket, ExecutorId? executor, IReadOnlyList<AttemptResult> results)
    {
        var ended = Of<Transition.Finish>(results);
        if (ended.Count > 0)
        {
            Add(batch, FinishSql, ticket, executor, ended)
                .With(Column(ended, static e => e.As.As.Word()))
                .WithJson(Column(ended, static e => e.As.Result.IsEmpty ? null : e.As.Result.ToArray()))
                .With(Column(ended, static e => e.Result.AgeMs)).With(Column(ended, static e => e.Result.RunMs));
        }
    }

    private static void AddWaitAgain(StoreBatch batch, TicketId ticket, ExecutorId? executor, IReadOnlyList<AttemptResult> results)
    {
        var retried = Of<Transition.Retry>(results);
        if (retried.Count > 0)
        {
            Add(batch, WaitAgainSql, ticket, executor, retried)
                .With(Column(retried, static e => e.As.Delay?.TotalSeconds)).With(Column(retried, static e => e.As.Crashed))
                .With(Column(retried, static e => (string?)e.As.Error.Type)).With(Column(retried, static e => (string?)e.As.Error.Message))
                .With(Column(retried, static e => e.As.Error.Trace))
                .With(Column(retried, static e => e.Result.AgeMs)).With(Column(retried, static e => e.Result.RunMs));
        }

        var released = Of<Transition.Release>(results);
        if (released.Count > 0)
        {
            Add(batch, WaitAgainSql, ticket, executor, released)
                .With(Column(released, static e => e.As.Delay?.TotalSeconds)).With(Column(released, static e => e.As.Crashed))
                .With(Column(released, static _ => (string?)null)).With(Column(released, static _ => (string?)null))
                .With(Column(released, static _ => (string?)null))
                .With(Column(released, static e => e.Result.AgeMs)).With(Column(released, static e => e.Result.RunMs));
        }
    }

    private static void AddBury(StoreBatch batch, TicketId ticket, ExecutorId? executor, IReadOnlyList<AttemptResult> results)
    {
        var buried = Of<Transition.Bury>(results);
        if (buried.Count > 0)
        {
            Add(batch, BurySql, ticket, executor, buried)
                .With(Column(buried, static e => e.As.Reason.Word())).With(Column(buried, static e => e.As.Error.Type))
                .With(Column(buried, static e => e.As.Error.Message)).With(Column(buried, static e => e.As.Error.Trace))
                .With(Column(buried, static e => e.Result.AgeMs)).With(Column(buried, static e => e.Result.RunMs));
        }
    }

    private static NpgsqlParameterCollection Add<TTransition>(
        StoreBatch batch, string sql, TicketId ticket, ExecutorId? executor, List<(AttemptResult Result, TTransition As)> ended) =>
        batch.Add(sql).With(ticket.Value).WithId(executor?.Value).With(Column(ended, static e => e.Result.Id.Value))
            .With(Column(ended, static e => e.Result.Place));

    private static List<(AttemptResult Result, TTransition As)> Of<TTransition>(IReadOnlyList<AttemptResult> results)
        where TTransition : Transition
    {
        List<(AttemptResult, TTransition)> found = [];
        foreach (var result in results)
        {
            if (result.What is TTransition transition)
            {
                found.Add((result, transition));
            }
        }

        return found;
    }
}
