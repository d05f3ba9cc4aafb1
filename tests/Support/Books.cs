namespace Millrace.Tests.Support;

/// <summary>The books of a place, read by SQL: what was accepted must be live, finished or dead, and nothing else.</summary>
internal static class Books
{
    private const string Counted = """
        SELECT coalesce(sum(count), 0)::bigint FROM (
            SELECT event, count FROM counter_totals UNION ALL SELECT event, count FROM counter_deltas) AS c
        WHERE event = $1
        """;

    /// <summary>Everything accepted has ended, each once, within its attempts, and every count agrees with its table.</summary>
    internal static async Task AssertAllEndedAsync(Place place, long tasks)
    {
        Assert.Equal(tasks, await place.ScalarAsync<long>(Counted, "accepted"));
        Assert.Equal(0, await place.ScalarAsync<long>("SELECT count(*) FROM tasks"));
        await AssertAddsUpAsync(place);
    }

    internal static async Task AssertAddsUpAsync(Place place)
    {
        var live = await place.ScalarAsync<long>("SELECT count(*) FROM tasks");
        var finished = await place.ScalarAsync<long>("SELECT count(*) FROM finished_tasks");
        var dead = await place.ScalarAsync<long>("SELECT count(*) FROM dead_letters");
        Assert.Equal(await place.ScalarAsync<long>(Counted, "accepted"), live + finished + dead);
        Assert.Equal(finished, await place.ScalarAsync<long>(Counted, "succeeded")
            + await place.ScalarAsync<long>(Counted, "cancelled") + await place.ScalarAsync<long>(Counted, "expired"));
        Assert.Equal(dead, await place.ScalarAsync<long>(Counted, "failed"));
        Assert.Equal(0, await place.ScalarAsync<long>("""
            SELECT count(*) FROM (
                SELECT id FROM tasks UNION ALL SELECT id FROM finished_tasks UNION ALL SELECT id FROM dead_letters) AS a
            GROUP BY id HAVING count(*) > 1 UNION ALL SELECT 0 ORDER BY 1 DESC LIMIT 1
            """));
        Assert.Equal(0, await place.ScalarAsync<long>("""
            SELECT count(*) FROM (
                SELECT attempts, max_retries FROM finished_tasks UNION ALL SELECT attempts, max_retries FROM dead_letters) AS a
            WHERE attempts > max_retries + 1
            """));
    }

    internal static Task<string> DescribeAsync(Place place) => place.ScalarAsync<string>("""
        SELECT concat_ws(E'\n',
            'tasks: ' || coalesce((SELECT string_agg(concat_ws(' ', n, state, 'attempts', attempts, 'crashes', crashes, 'due in', due), '; ')
                FROM (SELECT count(*) AS n, state, attempts, crashes, max(due_at - now()) AS due FROM tasks GROUP BY 2, 3, 4) AS t), 'none'),
            'tickets: ' || coalesce((SELECT string_agg(concat_ws(' ', id, state, 'quarantine', quarantine, 'lease', lease_until - now(),
                'age', now() - created_at, 'started', now() - started_at), '; ') FROM tickets), 'none'),
            'finished: ' || (SELECT count(*) FROM finished_tasks), 'dead: ' || (SELECT count(*) FROM dead_letters),
            'wakes: ' || coalesce((SELECT string_agg(concat_ws(' ', queue_name, purpose, due_at - now()), '; ') FROM wakes), 'none'))
        """);
}
