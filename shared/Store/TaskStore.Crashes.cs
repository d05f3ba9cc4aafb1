using Millrace.Lifecycle;
using Millrace.Store.Rows;

namespace Millrace.Store;

/// <summary>Who was there when a process died, who is on trial, and who gets an attempt back.</summary>
internal sealed partial class TaskStore
{
    /// <summary>The first and only task of ticket $3 may be begun from now on.</summary>
    internal const string BeginTrialSql = """
        WITH begun AS (
            INSERT INTO ticket_begins (ticket_id, through_place) VALUES ($3, 1) ON CONFLICT DO NOTHING
        )
        INSERT INTO trials (executor_id, task_id) VALUES ($1, $2)
        ON CONFLICT (executor_id) DO UPDATE SET task_id = excluded.task_id, began_at = now()
        """;

    internal const string EndTrialSql = "DELETE FROM trials WHERE executor_id = $1 AND task_id = $2";

    /// <summary>
    /// What else was there when executor $1 died, which held ticket $2: the task on trial, if it had not ended and no other suspect was running, in a ticket that is
    /// still there or was healed before; and whether another ticket held any task.
    /// </summary>
    internal const string CrashSceneSql = """
        SELECT (SELECT d.task_id FROM trials d WHERE d.executor_id = $1
                  AND (EXISTS (SELECT FROM tickets k JOIN claims c ON c.ticket_id = k.id WHERE k.executor_id = $1 AND d.task_id = ANY (c.task_ids))
                       OR EXISTS (SELECT FROM crash_parts p WHERE p.executor_id = $1 AND p.task_id = d.task_id))
                  AND NOT EXISTS (SELECT FROM tickets k JOIN claims c ON c.ticket_id = k.id
                                  WHERE k.executor_id = $1 AND k.quarantine AND NOT d.task_id = ANY (c.task_ids))
                  AND NOT EXISTS (SELECT FROM crash_parts p JOIN tasks t ON t.id = p.task_id
                                  WHERE p.executor_id = $1 AND p.task_id <> d.task_id AND t.crashes > 1)),
               EXISTS (SELECT FROM tickets k JOIN claims c ON c.ticket_id = k.id WHERE k.executor_id = $1 AND k.id <> $2)
               OR EXISTS (SELECT FROM crash_parts WHERE executor_id = $1)
        """;

    /// <summary>
    /// Who of the tasks of ticket $4 was near the death of executor $1, and who is charged for it. In the transaction that gives the tasks back, and only what the
    /// ticket still holds: what its executor has written meanwhile was near no death.
    /// </summary>
    internal const string RecordCrashSql = """
        WITH held AS MATERIALIZED (
            SELECT task_ids FROM claims WHERE ticket_id = $4 ORDER BY last_place FOR UPDATE
        )
        INSERT INTO crash_parts (executor_id, task_id, charged)
        SELECT $1, p.id, p.charged FROM unnest($2::uuid[], $3::boolean[]) AS p (id, charged)
        WHERE EXISTS (SELECT FROM held WHERE p.id = ANY (held.task_ids))
        ON CONFLICT DO NOTHING
        """;

    /// <summary>Who is no suspect any more needs no ticket of its own: one that nobody has started is like any other.</summary>
    private const string NoLongerAlone = """
        freed AS (
            UPDATE tickets SET quarantine = false WHERE id IN (
                SELECT k.id FROM tickets k JOIN claims c ON c.ticket_id = k.id JOIN parts p ON p.task_id = c.task_ids[1] JOIN tasks t ON t.id = p.task_id
                WHERE k.quarantine AND k.state = 'queued' AND t.crashes - p.crashes < 2 FOR UPDATE OF k SKIP LOCKED)
        )
        """;

    /// <summary>Of the crashes that task $1 was near, the others are cleared: who was charged gets the attempt back, and none of them is suspected for those any more.</summary>
    internal const string AcquitSql = $"""
        WITH cleared AS (
            DELETE FROM crash_parts p USING crash_parts mine
            WHERE mine.task_id = $1 AND p.executor_id = mine.executor_id AND p.task_id <> $1
            RETURNING p.task_id, p.charged
        ), parts AS MATERIALIZED (
            SELECT task_id, sum(charged::integer) AS charged, count(*) AS crashes FROM cleared GROUP BY 1
        ), {NoLongerAlone}
        UPDATE tasks t SET attempts = greatest(t.attempts - p.charged, 0), crashes = greatest(t.crashes - p.crashes, 0) FROM parts p WHERE t.id = p.task_id
        """;

    /// <summary>The history of row r without the crashes of these executors.</summary>
    private const string WithoutTheirs = """
        (SELECT jsonb_agg(h.entry ORDER BY h.n) FROM jsonb_array_elements(r.history) WITH ORDINALITY AS h (entry, n)
         WHERE NOT (h.entry ->> 'outcome' = 'crashed' AND h.entry ->> 'executor_id' = ANY (p.executors)))
        """;

    /// <summary>
    /// Executors that were taken for dead and have spoken since had not died. What they were near is forgotten, attempts are given back, also to those that have
    /// ended meanwhile; who would have had an attempt left lives again. Answers their queues. What others write to in this moment is left for the next time.
    /// </summary>
    internal const string AnnulCrashesSql = $"""
        WITH innocent AS MATERIALIZED (
            SELECT p.executor_id, p.task_id FROM crash_parts p JOIN executors e ON e.id = p.executor_id WHERE e.last_heartbeat > p.crashed_at
        ), locked AS MATERIALIZED (
            SELECT t.id FROM tasks t WHERE t.id IN (SELECT task_id FROM innocent) FOR UPDATE SKIP LOCKED
        ), annulled AS (
            DELETE FROM crash_parts p USING innocent i
            WHERE p.executor_id = i.executor_id AND p.task_id = i.task_id
              AND (p.task_id IN (SELECT id FROM locked) OR NOT EXISTS (SELECT FROM tasks t WHERE t.id = p.task_id))
            RETURNING p.task_id, p.charged, p.executor_id
        ), parts AS MATERIALIZED (
            SELECT task_id, sum(charged::integer) AS charged, count(*) AS crashes, array_agg(executor_id::text) AS executors FROM annulled GROUP BY 1
        ), live AS (
            UPDATE tasks r SET attempts = greatest(r.attempts - p.charged, 0), crashes = greatest(r.crashes - p.crashes, 0), history = {WithoutTheirs}
            FROM parts p WHERE r.id = p.task_id
        ), {NoLongerAlone}, finished AS (
            UPDATE finished_tasks r SET attempts = greatest(r.attempts - p.charged, 0), crashes = greatest(r.crashes - p.crashes, 0), history = {WithoutTheirs}
            FROM parts p WHERE r.id = p.task_id
        ), unburied AS (
            DELETE FROM dead_letters r USING parts p
            WHERE r.id = p.task_id AND r.reason IN ('interrupted', 'poison', 'exhausted') AND r.attempts - p.charged <= r.max_retries
            RETURNING r.*, greatest(r.attempts - p.charged, 0) AS fair_attempts, greatest(r.crashes - p.crashes, 0) AS fair_crashes, {WithoutTheirs} AS fair_history
        ), back AS (
            INSERT INTO tasks ({TaskColumns.Moved}, attempts, crashes, history)
            SELECT {TaskColumns.Moved}, fair_attempts, fair_crashes, fair_history FROM unburied
        ), known AS (
            INSERT INTO queues (name) SELECT DISTINCT queue_name FROM unburied ORDER BY 1 ON CONFLICT DO NOTHING
        ), counted AS (
            INSERT INTO counter_deltas (queue_name, type, event, label, count)
            SELECT queue_name, type, 'replayed', queue_name, count(*) FROM unburied GROUP BY 1, 2
        )
        SELECT DISTINCT queue_name FROM unburied
        """;

    /// <summary>Notes, before it begins, which suspect this executor watches.</summary>
    internal async Task BeginTrialAsync(ExecutorId executor, TaskRecord suspect, CancellationToken cancellation)
    {
        await using var command = Command(BeginTrialSql);
        command.Parameters.With(executor.Value).With(suspect.Id.Value).With(suspect.Ticket.Value);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The suspect has ended, or ran for long enough.</summary>
    /// <returns>Whether there was one.</returns>
    internal async Task<bool> EndTrialAsync(ExecutorId executor, TaskId task, CancellationToken cancellation)
    {
        await using var command = Command(EndTrialSql);
        command.Parameters.With(executor.Value).With(task.Value);
        return await command.ExecuteNonQueryAsync(cancellation) > 0;
    }

    /// <summary>What else was there when the executor of a ticket died.</summary>
    internal async Task<CrashScene> CrashSceneAsync(ExecutorId executor, TicketId ticket, CancellationToken cancellation)
    {
        await using var command = Command(CrashSceneSql);
        command.Parameters.With(executor.Value).With(ticket.Value);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        await rows.ReadAsync(cancellation);
        return new CrashScene(rows.IsDBNull(0) ? null : new TaskId(rows.GetGuid(0)), rows.GetBoolean(1));
    }

    private static void AddCrash(StoreBatch batch, TicketId ticket, ExecutorId executor, IReadOnlyList<(TaskId Task, bool Charged)> parts) =>
        batch.Add(RecordCrashSql).With(executor.Value).With(Column(parts, static part => part.Task.Value)).With(Column(parts, static part => part.Charged))
            .With(ticket.Value);

    /// <summary>The task is guilty: the others of its crashes are cleared. Returns how many still lived.</summary>
    internal async Task<int> AcquitAsync(TaskId guilty, CancellationToken cancellation)
    {
        await using var command = Command(AcquitSql);
        command.Parameters.With(guilty.Value);
        var cleared = await command.ExecuteNonQueryAsync(cancellation);
        marks.Forget();
        return cleared;
    }

    /// <summary>Takes back what was judged of executors that were taken for dead and are not.</summary>
    /// <returns>The queues of the dead letters that live again.</returns>
    internal async Task<IReadOnlyList<string>> AnnulCrashesAsync(CancellationToken cancellation)
    {
        await using var command = Command(AnnulCrashesSql);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var queueNames = await ReadAllAsync(rows, static row => row.GetString(0), cancellation);
        if (queueNames.Count > 0)
        {
            marks.Forget();
        }

        return queueNames;
    }
}
