using Millrace.Store.Rows;

namespace Millrace.Store;

/// <summary>Where a dispatch pass finds work. What it costs does not grow with queues in which nothing waits.</summary>
internal sealed partial class TaskStore
{
    /// <summary>
    /// The queues in which anything waits, by name. The index of claims is read from queue to queue, an entry of each. Of the queues $1 nothing is read: there
    /// are marks of them, before which an old snapshot may keep millions of entries that have ended. They are answered, whether anything waits there or not.
    /// </summary>
    internal const string QueuesWithTasksSql = """
        WITH RECURSIVE known AS MATERIALIZED (
            SELECT unnest($1::text[]) AS name
        ), gaps AS MATERIALIZED (
            SELECT coalesce(lag(name) OVER (ORDER BY name), '') AS after, name AS before FROM known
            UNION ALL SELECT coalesce(max(name), ''), NULL FROM known
        ), found (name, before) AS (
            SELECT after, before FROM gaps
            UNION ALL
            SELECT CASE WHEN f.before IS NULL
                THEN (SELECT queue_name FROM tasks WHERE state = 'pending' AND crashes < 2 AND queue_name > f.name ORDER BY queue_name LIMIT 1)
                ELSE (SELECT queue_name FROM tasks WHERE state = 'pending' AND crashes < 2 AND queue_name > f.name AND queue_name < f.before
                      ORDER BY queue_name LIMIT 1) END, f.before
            FROM found f WHERE f.name IS NOT NULL
        ), alone (name) AS (
            SELECT (SELECT queue_name FROM tasks WHERE state = 'pending' AND crashes > 1 ORDER BY queue_name LIMIT 1)
            UNION ALL
            SELECT (SELECT queue_name FROM tasks WHERE state = 'pending' AND crashes > 1 AND queue_name > a.name ORDER BY queue_name LIMIT 1)
            FROM alone a WHERE a.name IS NOT NULL
        )
        SELECT name FROM known UNION SELECT name FROM found WHERE name <> '' UNION SELECT name FROM alone WHERE name IS NOT NULL
        """;

    /// <summary>
    /// For each of the queues $1: is anything due, for how long will a hungry executor take it, is a quarantined task due, and when is the next thing due
    /// after now. Behind its marks, ten of each queue in ($3, $4) from place $2 on, which is null for a queue without; what is claimed from the first task there
    /// on, as <see cref="Taken"/>. The order keeps PostgreSQL to the index, where it would rather read the table until it meets a row; the offset keeps it from
    /// answering each question twice, to choose a queue and to tell of it.
    /// </summary>
    internal const string QueuesWithWorkSql = $"""
        SELECT q.name, q.mean_run_ms, w.due, w.hungry_for, w.quarantined, w.next_due
        FROM (SELECT unnest($1::text[]) AS name, unnest($2::integer[]) AS first) AS m
        JOIN queues q ON q.name = m.name
        CROSS JOIN LATERAL (
            WITH mark AS MATERIALIZED (
                SELECT p::smallint AS priority, coalesce(($3::timestamptz[])[m.first + p], '-infinity') AS due_at,
                       coalesce(($4::uuid[])[m.first + p], '00000000-0000-0000-0000-000000000000') AS id
                FROM generate_series(1, 10) AS p
            ), taken AS MATERIALIZED (
                {ClaimedIds} AND c.queue_name = q.name AND c.due_through >= (
                    SELECT min(f.due_at) FROM mark CROSS JOIN LATERAL (
                        SELECT t.due_at FROM tasks t
                        WHERE t.queue_name = q.name AND t.state = 'pending' AND t.crashes < 2 AND t.priority = mark.priority
                          AND (t.due_at, t.id) > (mark.due_at, mark.id) AND t.due_at <= now()
                        ORDER BY t.due_at, t.id LIMIT 1) AS f)
            )
            SELECT (SELECT max(hungry_until) - now() FROM tickets WHERE queue_name = q.name AND state = 'running' AND hungry_until > now()) AS hungry_for,
                   EXISTS (SELECT FROM mark CROSS JOIN LATERAL (
                       SELECT FROM tasks t
                       WHERE t.queue_name = q.name AND t.state = 'pending' AND t.crashes < 2 AND t.priority = mark.priority
                         AND (t.due_at, t.id) > (mark.due_at, mark.id) AND t.due_at <= now()
                         AND t.id NOT IN (SELECT id FROM taken) ORDER BY t.due_at, t.id LIMIT 1) AS d) AS due,
                   EXISTS (SELECT FROM tasks WHERE queue_name = q.name AND state = 'pending' AND crashes > 1
                             AND due_at <= now() AND NOT EXISTS (SELECT FROM claim_of(queue_name, due_at, id))) AS quarantined,
                   (SELECT min(n.due_at) FROM (
                       SELECT d.due_at FROM generate_series(1, 10) AS p (priority) CROSS JOIN LATERAL (
                           SELECT due_at FROM tasks WHERE queue_name = q.name AND state = 'pending' AND crashes < 2
                             AND priority = p.priority::smallint AND due_at > now() ORDER BY due_at LIMIT 1) AS d
                       UNION ALL
                       (SELECT due_at FROM tasks WHERE queue_name = q.name AND state = 'pending' AND crashes > 1
                          AND due_at > now() ORDER BY due_at LIMIT 1)) AS n) AS next_due
            OFFSET 0
        ) AS w
        WHERE NOT q.paused AND (w.due OR w.quarantined OR w.next_due IS NOT NULL)
        """;

    /// <summary>Of how many queues tickets wait for an executor; not more than $1, so many are counted. A queue with many tickets counts once: its number is bounded by itself.</summary>
    internal const string QueuesWithTicketsSql = """
        SELECT count(*) FROM (SELECT DISTINCT queue_name FROM tickets WHERE state = 'queued' LIMIT $1) AS t
        """;

    /// <summary>The names of all queues in which something waits, in order; a few more, in which something was claimed of late.</summary>
    internal async Task<IReadOnlyList<string>> QueuesWithTasksAsync(CancellationToken cancellation)
    {
        await using var batch = SteadyBatch();
        batch.Add(QueuesWithTasksSql).With<string[]>([.. marks.Known]);
        await using var rows = await ReadSteadyAsync(batch, cancellation);
        var names = (await ReadAllAsync(rows, static row => row.GetString(0), cancellation)).ToList();
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    /// <returns>Those of the queues in which something waits, and that are not paused.</returns>
    internal async Task<IReadOnlyList<QueueWork>> QueuesWithWorkAsync(IReadOnlyCollection<string> queueNames, CancellationToken cancellation)
    {
        // A pass that finds nothing makes no claim: without this, a task that was due in the past when it came would wait behind the marks for ever.
        // Not of a queue whose sweeps are slow: the others would wait for it. What it finds is claimed by the next pass.
        var sweeps = marks.BeginSweeps(queueNames).ToLookup(sweep => sweep.Alone && queueNames.Count > 1);
        if (sweeps[true].Any())
        {
            _ = Task.Run(() => SweepAsync([.. sweeps[true]]), CancellationToken.None);
        }

        await SweepAsync([.. sweeps[false]]);

        var looks = marks.Peek(queueNames);
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var look in looks)
        {
            first.Add(look.QueueName, ClaimLook.Priorities * first.Count);
        }

        await using var batch = SteadyBatch();
        batch.Add(QueuesWithWorkSql).With(queueNames.ToArray())
            .With(queueNames.Select(name => first.TryGetValue(name, out var place) ? place : (int?)null).ToArray())
            .With(looks.SelectMany(static look => look.Due).ToArray()).With(looks.SelectMany(static look => look.Ids).ToArray());
        await using var rows = await ReadSteadyAsync(batch, cancellation);
        return await ReadAllAsync(rows, ReadWork, cancellation);
    }

    /// <summary>Of how many queues tickets wait for an executor, counted up to <paramref name="most"/>.</summary>
    internal async Task<int> QueuesWithTicketsAsync(int most, CancellationToken cancellation)
    {
        await using var command = Command(QueuesWithTicketsSql);
        command.Parameters.With((long)most);
        return (int)(long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private static QueueWork ReadWork(StoreReader row) => new(
        row.GetString(0),
        row.IsDBNull(1) ? null : row.GetDouble(1),
        row.GetBoolean(2),
        row.IsDBNull(3) ? null : row.GetFieldValue<TimeSpan>(3),
        row.GetBoolean(4),
        row.IsDBNull(5) ? null : row.GetFieldValue<DateTimeOffset>(5));
}
