using System.Text.Json;
using Millrace.Store;
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
