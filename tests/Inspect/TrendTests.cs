using System.Text.Json;
using Millrace.Inspect;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;
using Millrace.Tests.Local.Hosting;
using Millrace.Tests.Support;
using Npgsql;

namespace Millrace.Tests.Inspect;

public sealed class TrendTests(TestDatabase database) : IClassFixture<TestDatabase>, IDisposable
{
    private readonly TaskStore store = database.Store;
    private readonly TrendInspector trends = new(database.Store, new InspectOptions { KeptMilliseconds = 0 }, TimeProvider.System);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => trends.Dispose();

    [Fact]
    public async Task What_is_folded_and_what_is_not_is_counted_once_and_filtered()
    {
        var given = new Given(store);
        await given.InAsync(TaskState.Succeeded);
        await store.FoldCountersAsync(1_000, Cancellation);
        await given.InAsync(TaskState.Failed);
        await given.InAsync(TaskState.Cancelled);
        await database.ExecuteAsync(
            "INSERT INTO counters VALUES (date_trunc('minute', now()) - interval '45 minutes', $1, 'other', 'accepted', '5', 9, 0)", given.Queue);

        var (status, body) = await AskAsync($"?window=1h&bucket=10m&queue_name={given.Queue}");

        Assert.Equal((200, 6), (status, body.GetProperty("buckets").GetArrayLength()));
        var totals = body.GetProperty("totals");
        Assert.Equal(12, totals.GetProperty("accepted").GetInt64());
        Assert.Equal((1, 1, 1), (totals.GetProperty("succeeded").GetInt64(), totals.GetProperty("failed").GetInt64(), totals.GetProperty("cancelled").GetInt64()));
        Assert.Equal(0.5, totals.GetProperty("error_rate").GetDouble());
        Assert.Equal(30, totals.GetProperty("mean_run_ms").GetDouble());
        Assert.InRange(totals.GetProperty("p95_run_ms").GetDouble(), 25, 50);
        Assert.Equal(12, body.GetProperty("buckets").EnumerateArray().Sum(static b => b.GetProperty("accepted").GetInt64()));

        (_, body) = await AskAsync($"?window=1h&bucket=10m&type=other&queue_name={given.Queue}");
        Assert.Equal(9, body.GetProperty("totals").GetProperty("accepted").GetInt64());
    }

    [Theory]
    [InlineData("window=2h&bucket=1h")]
    [InlineData("window=63m&bucket=7m")]
    public async Task Sums_of_hours_say_what_minutes_say(string query)
    {
        var given = new Given(store);
        await given.InAsync(TaskState.Succeeded);
        await store.FoldCountersAsync(1_000, Cancellation);
        await given.InAsync(TaskState.Failed);

        var (status, body) = await AskAsync($"?{query}&queue_name={given.Queue}");

        var totals = body.GetProperty("totals");
        Assert.Equal(200, status);
        Assert.Equal((2, 1, 1), (totals.GetProperty("accepted").GetInt64(), totals.GetProperty("succeeded").GetInt64(), totals.GetProperty("failed").GetInt64()));
    }

    [Fact]
    public async Task What_is_folded_is_summed_for_all_tasks_per_queue_per_type_and_per_both()
    {
        await new Given(store).InAsync(TaskState.Succeeded);
        await store.FoldCountersAsync(1_000, Cancellation);
        await new Given(store).InAsync(TaskState.Succeeded);
        await store.FoldCountersAsync(1_000, Cancellation);

        const string Sums = """
            SELECT ARRAY(SELECT sum(count)::bigint FROM counter_sums GROUP BY minutes, queue_name = '', type = '') = array_fill(
                (SELECT sum(count)::bigint FROM counter_totals), ARRAY[5])
            """;
        Assert.True(await database.ScalarAsync<bool>(Sums));
    }

    [Theory]
    [InlineData(60, null, null, (short)60)]
    [InlineData(1_440, "t", null, (short)60)]
    [InlineData(120, null, "q", (short)60)]
    [InlineData(60, "t", "q", (short)60)]
    [InlineData(5, null, null, (short)1)]
    [InlineData(45, null, null, (short)1)]
    [InlineData(5, null, "q", null)]
    [InlineData(7, null, null, (short)1)]
    public void Buckets_are_made_of_the_longest_sums_that_fit(int minutes, string? type, string? queue, short? sums) =>
        Assert.Equal(sums, new TrendWindow(1, minutes, type, queue).Sums);

    [Theory]
    [InlineData("", 288)]
    [InlineData("?window=31d&bucket=1d", 31)]
    [InlineData("?window=1m&bucket=1m", 1)]
    [InlineData("?window=1000m&bucket=1m", 1_000)]
    [InlineData("?window=3600&bucket=60", 60)]
    public async Task A_window_has_its_buckets(string query, int buckets)
    {
        var (status, body) = await AskAsync(query);

        Assert.Equal((200, buckets), (status, body.GetProperty("buckets").GetArrayLength()));
        Assert.InRange(body.GetProperty("to").GetDateTime(), TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-1), TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(1));
    }

    [Theory]
    [InlineData("?window=32d&bucket=1d", "window", "1m to 31d")]
    [InlineData("?window=30s", "window", "1m to 31d")]
    [InlineData("?bucket=90s", "bucket", "whole number of minutes")]
    [InlineData("?bucket=2d", "bucket", "1m to 1d")]
    [InlineData("?window=7d", "bucket", "Write bucket=11m or more")]
    [InlineData("?since=yesterday", "since", "window, bucket, type, queue_name")]
    public async Task What_cannot_be_shown_is_refused_with_what_to_write(string query, string field, string says)
    {
        var (status, body) = await AskAsync(query);

        Assert.Equal(400, status);
        Assert.Contains(says, body.GetProperty("errors").GetProperty(field)[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_is_away_is_said()
    {
        await using var nobody = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Timeout=2");
        using var away = new TrendInspector(new TaskStore(nobody, new CostMeter()), new InspectOptions(), TimeProvider.System);

        Assert.Equal(503, (await Answers.ReadAsync(await away.ListAsync(Answers.Get(), Cancellation))).Status);
    }

    [Fact]
    public async Task A_question_is_read_once_in_a_while_and_not_too_many_are_remembered()
    {
        var (time, reads) = (FakeTime.Start, 0);
        using var memories = new ShortMemories<int, string>(time, TimeSpan.FromSeconds(1), 2, (key, _) => Task.FromResult($"{key} {++reads}"));

        Assert.Equal(["1 1", "1 1", "2 2"], [await memories.GetAsync(1, Cancellation), await memories.GetAsync(1, Cancellation), await memories.GetAsync(2, Cancellation)]);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("1 3", await memories.GetAsync(1, Cancellation));
        Assert.Equal("3 4", await memories.GetAsync(3, Cancellation));
        Assert.Equal(1, memories.Count);
    }

    private async Task<(int Status, JsonElement Body)> AskAsync(string query) =>
        await Answers.ReadJsonAsync(await trends.ListAsync(Answers.Get(query), Cancellation));
}
