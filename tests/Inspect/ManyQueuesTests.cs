using System.Text.Json;
using Millrace.Inspect;
using Millrace.Manage;
using Millrace.Store;
using Millrace.Tests.Support;

namespace Millrace.Tests.Inspect;

/// <summary>Pages about queues cost what is in the queues, and not the square of how many there are.</summary>
public sealed class ManyQueuesTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const int Few = 500;
    private const int Many = 2_000;

    private readonly TaskStore store = database.Store;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Counting_the_queues_looks_at_rows_in_proportion_to_them_whatever_PostgreSQL_knows_of_the_tables()
    {
        await FillAsync(1, Few);
        await database.ExecuteAsync("DELETE FROM pg_statistic WHERE starelid IN ('tasks'::regclass, 'queues'::regclass, 'counter_totals'::regclass)");
        var few = await RowsLookedAtAsync(TaskStore.DepthSql);
        await FillAsync(Few + 1, Many);

        Assert.InRange(await RowsLookedAtAsync(TaskStore.DepthSql), few, 6 * few);
        Assert.InRange(await RowsLookedAtAsync(TaskStore.QueueDepthSql.Replace("$1", "'many-00007'", StringComparison.Ordinal)), 1, 30 * Many);
    }

    [Fact]
    public async Task The_lists_go_on_from_page_to_page_and_show_every_queue_once_with_the_sums_of_all()
    {
        await FillAsync(1, Few);
        using var queues = new QueueManager(store, TimeSpan.Zero, TimeProvider.System, static _ => { });
        List<string> names = [];
        string? cursor = null;
        do
        {
            var (status, page) = await Answers.ReadJsonAsync(await queues.ListAsync(
                Answers.Get(cursor is null ? "?limit=199" : $"?limit=199&cursor={cursor}"), Cancellation));
            Assert.Equal(200, status);
            names.AddRange(page.GetProperty("queues").EnumerateArray().Select(static queue => queue.GetProperty("name").GetString()!));
            cursor = page.TryGetProperty("next_cursor", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);

        Assert.Equal(names.Order(StringComparer.Ordinal).Distinct(), names);
        Assert.Equal(await database.ScalarAsync<long>("SELECT count(*) FROM queues"), names.Count);
        var stats = await DepthsAsync("?limit=10");
        Assert.Equal((10, 10), (stats.GetProperty("queues").GetArrayLength(), stats.GetProperty("count").GetInt32()));
        Assert.Equal(await database.ScalarAsync<long>("SELECT count(*) FROM tasks"), stats.GetProperty("total_depth").GetInt64());
        Assert.True(stats.TryGetProperty("next_cursor", out _));
    }

    [Theory]
    [InlineData("?cursor=nonsense")]
    [InlineData("?cursor=AQ")]
    [InlineData("?limit=0")]
    [InlineData("?nobody=1")]
    public async Task A_query_that_is_none_is_refused(string query)
    {
        using var queues = new QueueManager(store, TimeSpan.Zero, TimeProvider.System, static _ => { });

        Assert.Equal(400, (await Answers.ReadAsync(await queues.ListAsync(Answers.Get(query), Cancellation))).Status);
    }

    private async Task<JsonElement> DepthsAsync(string query)
    {
        using var queues = new QueueInspector(new TaskStore(database.Source, new CostMeter()), null!, new InspectOptions { KeptMilliseconds = 0 }, TimeProvider.System);
        return (await Answers.ReadJsonAsync(await queues.DepthsAsync(Answers.Get(query), Cancellation))).Body;
    }

    /// <summary>Queues from one number to another, each with a task that waits and with what is counted of it.</summary>
    private async Task FillAsync(int first, int last)
    {
        await database.ExecuteAsync("INSERT INTO queues (name) SELECT 'many-' || lpad(n::text, 5, '0') FROM generate_series($1, $2) AS n ON CONFLICT DO NOTHING", first, last);
        await database.ExecuteAsync(
            """
            INSERT INTO counter_totals (queue_name, type, event, label, count, total_ms)
            SELECT 'many-' || lpad(n::text, 5, '0'), 'echo', event, '5', 1, 1
            FROM generate_series($1, $2) AS n CROSS JOIN (VALUES ('accepted'), ('retried')) AS e (event) ON CONFLICT DO NOTHING
            """,
            first, last);
        await database.ExecuteAsync(
            """
            INSERT INTO tasks (id, due_at, timeout_seconds, retry_delay_seconds, retry_backoff, max_retry_delay_seconds, priority, max_retries, queue_name, type, data)
            SELECT uuidv7(), now(), 60, 5, 2, 3600, 1 + n % 10, 3, 'many-' || lpad(n::text, 5, '0'), 'echo', '{}'
            FROM generate_series($1, $2) AS n WHERE NOT EXISTS (SELECT FROM tasks WHERE queue_name = 'many-' || lpad(n::text, 5, '0'))
            """,
            first, last);
    }

    /// <summary>What every step of the plan has read or thrown away.</summary>
    private async Task<double> RowsLookedAtAsync(string sql)
    {
        var plan = JsonElement.Parse(await database.ScalarAsync<string>($"EXPLAIN (ANALYZE, FORMAT JSON) {sql}"));
        return Looked(plan[0].GetProperty("Plan"));
    }

    private static double Looked(JsonElement node)
    {
        var each = Number(node, "Actual Rows") + Number(node, "Rows Removed by Filter") + Number(node, "Rows Removed by Join Filter");
        var inside = node.TryGetProperty("Plans", out var plans) ? plans.EnumerateArray().Sum(Looked) : 0;
        return (each * Number(node, "Actual Loops")) + inside;
    }

    private static double Number(JsonElement node, string name) => node.TryGetProperty(name, out var number) ? number.GetDouble() : 0;
}
