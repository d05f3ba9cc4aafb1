using System.Text.Json;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;
using Millrace.Tests.Support;
using Npgsql;

namespace Millrace.Tests.Inspect;

/// <summary>With 200,000 rows of history no filter of the list reads a whole table of it.</summary>
public sealed class ListPlanTests(ListPlanTests.Filled filled) : IClassFixture<ListPlanTests.Filled>
{
    [Theory]
    [InlineData(null, null, null)]
    [InlineData("succeeded", null, null)]
    [InlineData("cancelled", null, null)]
    [InlineData("expired", null, null)]
    [InlineData("failed", null, null)]
    [InlineData("retrying", null, null)]
    [InlineData("running", null, null)]
    [InlineData(null, "common", null)]
    [InlineData(null, "rare", null)]
    [InlineData("succeeded", "rare", "q1")]
    [InlineData(null, "common", "q1")]
    [InlineData(null, null, "nowhere")]
    public async Task A_list_is_driven_by_an_index(string? status, string? type, string? queue)
    {
        await using var command = filled.Database.Source.CreateCommand($"EXPLAIN (FORMAT JSON) {TaskStore.SearchSql}");
        command.Parameters.WithText(status).WithText(type).WithText(queue).WithId(null).WithText(null).WithText(null).WithId(null).With(101L)
            .With((short?)null).WithText(null).WithText(null).WithTime(null).WithTime(null).WithText(null).WithJsonb(null).WithText(null).WithTexts(null).WithTime(null)
            .With(0L).With(101L);
        using var plan = JsonDocument.Parse((string)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!);

        var scanned = Nodes(plan.RootElement[0].GetProperty("Plan"))
            .Where(static n => n.GetProperty("Node Type").GetString() == "Seq Scan")
            .Select(static n => n.GetProperty("Relation Name").GetString()!)
            .ToList();
        foreach (var relation in scanned)
        {
            const string Rows = "SELECT reltuples::bigint FROM pg_class WHERE relname = $1";
            Assert.InRange(await filled.Database.ScalarAsync<long>(Rows, relation), -1, 100);
        }
    }

    /// <summary>Four of 200,000: the index of kinds finds them at once. Had they been common, that would be the longer road, and steps of 8,000 rows find them all.</summary>
    [Theory]
    [InlineData(1_000, 1, 1)]
    [InlineData(1_001, 20, 30)]
    public async Task What_succeeded_of_a_type_in_a_queue_is_sought_step_by_step_when_there_is_much_of_it(long counted, int fewestSteps, int mostSteps)
    {
        const string Count = """
            INSERT INTO counter_totals (queue_name, type, event, label, count, total_ms) VALUES ('q2', 'rare', 'succeeded', '', $1, 0)
            ON CONFLICT (queue_name, type, event, label) DO UPDATE SET count = excluded.count
            """;
        await filled.Database.ExecuteAsync(Count, counted);
        var filter = new TaskFilter { QueueName = "q2", Type = "rare", State = TaskState.Succeeded, Limit = 100 };
        List<Guid> found = [];
        var steps = 0;
        do
        {
            var step = await filled.Database.Store.SearchAsync(filter, 100, TestContext.Current.CancellationToken);
            found.AddRange(step.Tasks.Select(static task => task.Id.Value));
            filter = filter with { Before = step.Floor };
            steps++;
        }
        while (filter.Before is not null);

        const string Expected = "SELECT array_agg(id ORDER BY id DESC) FROM finished_tasks WHERE queue_name = 'q2' AND type = 'rare'";
        Assert.Equal(await filled.Database.ScalarAsync<Guid[]>(Expected), found);
        Assert.Equal(4, found.Count);
        Assert.InRange(steps, fewestSteps, mostSteps);
    }

    private static IEnumerable<JsonElement> Nodes(JsonElement node) => node.TryGetProperty("Plans", out var plans)
        ? plans.EnumerateArray().SelectMany(Nodes).Prepend(node)
        : [node];

    public sealed class Filled : IAsyncLifetime
    {
        public TestDatabase Database { get; } = new();

        public async ValueTask InitializeAsync()
        {
            await Database.InitializeAsync();
            const string History = """
                INSERT INTO finished_tasks (id, created_at, due_at, finished_at, timeout_seconds, retry_delay_seconds, retry_backoff,
                    max_retry_delay_seconds, outcome, priority, max_retries, attempts, crashes, replays, queue_name, type, data)
                SELECT uuidv7(make_interval(secs => i - 200000)), now(), now(), now(), 60, 5, 2, 3600,
                       CASE WHEN i % 5000 = 0 THEN 'cancelled' ELSE 'succeeded' END::finished_as, 5, 3, 1, 0, 0, 'q' || i % 5,
                       CASE WHEN i % 50000 = 7 THEN 'rare' ELSE 'common' END, '{}'
                FROM generate_series(1, 200000) AS i
                """;
            await Database.ExecuteAsync(History);
            await Database.ExecuteAsync("VACUUM ANALYZE finished_tasks");
        }

        public ValueTask DisposeAsync() => Database.DisposeAsync();
    }
}
