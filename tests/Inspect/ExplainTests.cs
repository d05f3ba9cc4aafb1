using System.Text.Json;
using Millrace.Inspect;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Tests.Support;
using Npgsql;

namespace Millrace.Tests.Inspect;

public sealed class ExplainTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private readonly TaskStore store = database.Store;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ExplainInspector Inspector => new(store, new InspectOptions(), static _ => 16);

    [Theory]
    [InlineData(TaskState.Scheduled, "scheduled")]
    [InlineData(TaskState.Retrying, "retrying")]
    [InlineData(TaskState.Dispatched, "ticket_waits")]
    [InlineData(TaskState.Running, "running")]
    [InlineData(TaskState.Succeeded, "succeeded")]
    [InlineData(TaskState.Failed, "rejected")]
    [InlineData(TaskState.Cancelled, "cancelled")]
    [InlineData(TaskState.Expired, "expired")]
    internal async Task Every_state_has_its_reason(TaskState state, string code)
    {
        var body = await ExplainAsync(await new Given(store).InAsync(state));

        Assert.Equal(state.Word(), body.GetProperty("status").GetString());
        Assert.Contains(code, Codes(body));
    }

    [Fact]
    public async Task The_facts_come_from_the_tables()
    {
        var given = new Given(store);
        var first = await given.SubmittedAsync(static t => t with { Priority = 9 });
        var second = await given.SubmittedAsync();
        await database.ExecuteAsync("UPDATE tasks SET due_at = due_at - interval '1 minute' WHERE id = $1", second.Value);
        var task = await given.SubmittedAsync();
        await given.SubmittedAsync(static t => t with { Priority = 4 });
        await given.SubmittedAsync(static t => t with { Priority = 9, DelaySeconds = 60 });
        await database.ExecuteAsync("UPDATE queues SET paused = true WHERE name = $1", given.Queue);
        await database.ExecuteAsync(
            "INSERT INTO counter_deltas (minute, queue_name, type, event, count) VALUES (date_trunc('minute', now()) - interval '1 minute', $1, 'greet', 'succeeded', 40)",
            given.Queue);

        var body = await ExplainAsync(task);

        var codes = Codes(body);
        Assert.Equal("queue_paused", codes[0]);
        var behind = body.GetProperty("reasons").EnumerateArray().Single(static r => r.GetProperty("code").GetString() == "behind_others");
        Assert.Equal(2, behind.GetProperty("tasks_before").GetInt64());
        Assert.InRange(behind.GetProperty("per_second").GetDouble(), 0.3, 0.7);
        Assert.DoesNotContain("behind_others", Codes(await ExplainAsync(first)));
    }

    [Fact]
    public async Task Tasks_that_crashed_wait_for_one_another()
    {
        var given = new Given(store);
        var (one, two) = (await given.SubmittedAsync(), await given.SubmittedAsync());
        var ticket = await given.StartedAsync();
        await given.AppliedAsync(ticket, one, Given.Failed(TimeSpan.Zero, crashed: true));
        await given.AppliedAsync(ticket, two, Given.Failed(TimeSpan.Zero, crashed: true));
        await store.CloseTicketAsync(ticket, Cancellation);
        await database.ExecuteAsync("UPDATE tasks SET crashes = 2 WHERE queue_name = $1", given.Queue);
        await given.ClaimedAsync(quarantined: true);

        var left = await database.ScalarAsync<Guid>("SELECT id FROM tasks WHERE queue_name = $1 AND NOT EXISTS (SELECT FROM claim_of(queue_name, due_at, id))", given.Queue);
        Assert.Contains("behind_crashed", Codes(await ExplainAsync(new TaskId(left))));
    }

    [Fact]
    public async Task What_is_no_id_and_what_is_not_there_is_refused()
    {
        var (status, body) = await Answers.ReadJsonAsync(await Inspector.GetAsync("x", Cancellation));
        Assert.Equal((400, "urn:millrace:problem:invalid-id"), (status, body.GetProperty("type").GetString()));
        (status, body) = await Answers.ReadJsonAsync(await Inspector.GetAsync(Guid.CreateVersion7().ToString(), Cancellation));
        Assert.Equal((404, "urn:millrace:problem:task-not-found"), (status, body.GetProperty("type").GetString()));

        await using var nobody = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Timeout=2");
        var away = new ExplainInspector(new TaskStore(nobody, new CostMeter()), new InspectOptions(), static _ => 16);
        Assert.Equal(503, (await Answers.ReadAsync(await away.GetAsync(Guid.CreateVersion7().ToString(), Cancellation))).Status);
    }

    /// <summary>What is counted is counted by the claim's index, and no further than it is shown; a million tasks are like these.</summary>
    [Fact]
    public async Task With_a_long_queue_it_reads_little()
    {
        var given = new Given(store);
        await given.SubmittedAsync();
        await database.ExecuteAsync("""
            INSERT INTO tasks (id, due_at, timeout_seconds, retry_delay_seconds, retry_backoff, max_retry_delay_seconds, priority, max_retries, queue_name, type, data)
            SELECT uuidv7(), now() - make_interval(secs => 100000 - i / 10), 60, 5, 2, 3600, 1 + i % 10, 3, $1, 't', '{}' FROM generate_series(1, 100000) AS i
            """, given.Queue);
        await database.ExecuteAsync("VACUUM ANALYZE tasks");
        var last = await database.ScalarAsync<Guid>("SELECT id FROM tasks WHERE queue_name = $1 AND priority = 1 ORDER BY due_at DESC LIMIT 1", given.Queue);
        var first = await database.ScalarAsync<Guid>("SELECT id FROM tasks WHERE queue_name = $1 AND priority = 10 ORDER BY due_at LIMIT 1", given.Queue);

        Assert.InRange(await RowsAsync(last), 1, 15_000);
        Assert.InRange(await RowsAsync(first), 1, 1_000);
        var reasons = (await ExplainAsync(new TaskId(last))).GetProperty("reasons").EnumerateArray();
        Assert.Contains(reasons, static r => r.GetProperty("sentence").GetString()!.StartsWith("More than 10,000", StringComparison.Ordinal));
    }

    private async Task<double> RowsAsync(Guid id)
    {
        await using var command = database.Source.CreateCommand($"EXPLAIN (ANALYZE, FORMAT JSON) {TaskStore.ExplainSql}");
        command.Parameters.With(id).With(TimeSpan.FromSeconds(15));
        using var plan = JsonDocument.Parse((string)(await command.ExecuteScalarAsync(Cancellation))!);
        return Nodes(plan.RootElement[0].GetProperty("Plan"))
            .Where(static n => n.GetProperty("Node Type").GetString()!.Contains("Scan", StringComparison.Ordinal) && n.TryGetProperty("Relation Name", out _))
            .Sum(static n => (n.GetProperty("Actual Rows").GetDouble() + Removed(n)) * n.GetProperty("Actual Loops").GetDouble());
    }

    private static double Removed(JsonElement node) => node.TryGetProperty("Rows Removed by Filter", out var rows) ? rows.GetDouble() : 0;

    private static IEnumerable<JsonElement> Nodes(JsonElement node) => node.TryGetProperty("Plans", out var plans)
        ? plans.EnumerateArray().SelectMany(Nodes).Prepend(node)
        : [node];

    private async Task<JsonElement> ExplainAsync(TaskId id)
    {
        var (status, body) = await Answers.ReadJsonAsync(await Inspector.GetAsync(id.ToString(), Cancellation));
        Assert.Equal(200, status);
        return body;
    }

    private static List<string?> Codes(JsonElement body) =>
        [.. body.GetProperty("reasons").EnumerateArray().Select(static reason => reason.GetProperty("code").GetString())];
}
