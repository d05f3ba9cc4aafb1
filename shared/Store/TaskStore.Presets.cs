using Millrace.Store.Rows;

namespace Millrace.Store;

/// <summary>What operators look for first. Each reads no more rows than it shows, by an index, and the worst comes first.</summary>
internal sealed partial class TaskStore
{
    /// <summary>Have run for more than an hour, or are held by a ticket whose lease ended half a minute ago.</summary>
    internal const string StuckSql = $"""
        WITH page AS MATERIALIZED (
            SELECT t.id, 'live' AS place, NULL::timestamptz AS finished_at,
                   row_number() OVER (ORDER BY greatest(k.started_at, t.due_at), t.id) AS n
            FROM {ClaimedTasks}
            WHERE (k.state = 'running' AND greatest(k.started_at, t.due_at) < now() - interval '1 hour')
               OR k.lease_until < now() - interval '30 seconds'
            ORDER BY n LIMIT $1
        )
        {ShowPage}
        """;

    /// <summary>Died within the last hour, the last first.</summary>
    internal const string FailedRecentlySql = $"""
        WITH page AS MATERIALIZED (
            SELECT id, 'dead' AS place, NULL::timestamptz AS finished_at, row_number() OVER (ORDER BY died_at DESC, id DESC) AS n
            FROM (SELECT id, died_at FROM dead_letters WHERE died_at > now() - interval '1 hour' ORDER BY died_at DESC LIMIT $1) AS d
        )
        {ShowPage}
        """;

    /// <summary>What runs, the longest first.</summary>
    internal const string LongRunningSql = $"""
        WITH page AS MATERIALIZED (
            SELECT t.id, 'live' AS place, NULL::timestamptz AS finished_at,
                   row_number() OVER (ORDER BY greatest(k.started_at, t.due_at), t.id) AS n
            FROM {ClaimedTasks} WHERE k.state = 'running' ORDER BY n LIMIT $1
        )
        {ShowPage}
        """;

    /// <summary>Wait for another attempt, the next due first.</summary>
    internal const string RetryingSql = $"""
        WITH page AS MATERIALIZED (
            SELECT id, 'live' AS place, NULL::timestamptz AS finished_at, row_number() OVER (ORDER BY due_at, id) AS n
            FROM (SELECT w.id, w.due_at FROM queues q CROSS JOIN LATERAL (
                      SELECT id, due_at FROM tasks
                      WHERE queue_name = q.name AND state = 'pending' AND attempts > 0 AND due_at > now() ORDER BY due_at LIMIT $1) AS w
                  ORDER BY w.due_at LIMIT $1) AS t
        )
        {ShowPage}
        """;

    /// <summary>Due and not yet in a ticket, the longest first.</summary>
    internal const string OldestPendingSql = $"""
        WITH taken AS MATERIALIZED (
            {ClaimedIds}
        ), page AS MATERIALIZED (
            SELECT id, 'live' AS place, NULL::timestamptz AS finished_at, row_number() OVER (ORDER BY due_at, id) AS n
            FROM (SELECT w.id, w.due_at FROM queues q CROSS JOIN LATERAL (
                      SELECT d.id, d.due_at FROM generate_series(1, 10) AS p (priority) CROSS JOIN LATERAL (
                          SELECT id, due_at FROM tasks
                          WHERE queue_name = q.name AND state = 'pending' AND crashes < 2 AND priority = p.priority::smallint AND due_at <= now()
                            AND id NOT IN (SELECT id FROM taken)
                          ORDER BY due_at LIMIT $1) AS d
                      UNION ALL
                      (SELECT id, due_at FROM tasks
                       WHERE queue_name = q.name AND state = 'pending' AND crashes > 1 AND due_at <= now() AND id NOT IN (SELECT id FROM taken)
                       ORDER BY due_at LIMIT $1)) AS w
                  ORDER BY w.due_at LIMIT $1) AS t
        )
        {ShowPage}
        """;

    private const string ShowPage = $"""
        SELECT {InspectColumns.Listed} FROM page p CROSS JOIN LATERAL ({PageRows}) AS s ORDER BY p.n
        """;

    /// <summary>Their names, and their statements.</summary>
    internal static readonly IReadOnlyDictionary<string, string> Presets = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["stuck_tasks"] = StuckSql,
        ["failed_recently"] = FailedRecentlySql,
        ["long_running"] = LongRunningSql,
        ["retrying"] = RetryingSql,
        ["oldest_pending"] = OldestPendingSql,
    };

    /// <summary>The first tasks of a preset, each as much as a list needs.</summary>
    internal async Task<IReadOnlyList<StoredTask>> PresetAsync(string name, int limit, CancellationToken cancellation)
    {
        await using var command = Command(Presets[name]);
        command.Parameters.With((long)limit);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        return await ReadAllAsync(rows, InspectColumns.Read, cancellation);
    }
}
