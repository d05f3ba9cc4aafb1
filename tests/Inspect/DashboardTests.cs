using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Millrace.Inspect;
using Millrace.Lifecycle;
using Millrace.Redis;
using Millrace.Store;
using Millrace.Tests.Support;

namespace Millrace.Tests.Inspect;

public sealed class DashboardTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly DateTime Now = new(2026, 1, 1, 12, 0, 30, DateTimeKind.Utc);

    private readonly TaskStore store = database.Store;

    [Fact]
    public void Rates_are_of_the_last_whole_minute_and_the_one_that_runs()
    {
        var minute = Now.AddSeconds(-30);
        var view = DashboardRates.From(new(
            Now,
            [
                new(minute, "accepted", 30, 0), new(minute.AddMinutes(-1), "accepted", 60, 0), new(minute.AddMinutes(-2), "accepted", 999, 0),
                new(minute, "succeeded", 3, 300), new(minute.AddMinutes(-4), "retried", 1, 0), new(minute.AddMinutes(-5), "failed", 50, 0),
            ],
            [new("q", "t", "accepted", "5", 1_089, 0), new("q", "t", "succeeded", "10", 3, 300), new("q", "t", "failed", "x", 50, 0)],
            [],
            new Dictionary<string, long> { ["sql_statements"] = 106, ["wal_bytes"] = 530 }));

        Assert.Equal((53, 0, 106, 530), (view.Cost.Tasks, view.Cost.FunctionRuns, view.Cost.SqlStatements, view.Cost.WalBytes));
        Assert.Equal((2_000_000, 10_000_000), (view.Cost.PerMillionTasks!["sql_statements"], view.Cost.PerMillionTasks["wal_bytes"]));
        Assert.Equal(60, view.SubmissionsPerMinute);
        Assert.Equal(2, view.CompletionsPerMinute);
        Assert.Equal(100, view.AvgDurationMs);
        Assert.Equal(0.25, view.ErrorRate);
        Assert.Equal((1_036, 50), (view.Live, view.DeadLetters));
        Assert.Equal(5, view.Minutes.Count);
    }

    [Fact]
    public async Task Stats_and_depth_count_the_tasks_that_are_there()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var given = new Given(store);
        foreach (var state in Enum.GetValues<TaskState>().Where(static s => s != TaskState.Blocked).OrderBy(static s => s == TaskState.Pending))
        {
            await given.InAsync(state);
        }

        await using var redis = new RedisLink(Options.Create(new RedisOptions()), NullLogger<RedisLink>.Instance);
        using var queues = new QueueInspector(store, new LiveCounters(redis, TimeProvider.System), new InspectOptions(), TimeProvider.System);
        var (_, depth) = await Answers.ReadJsonAsync(await queues.DepthsAsync(Answers.Get("?limit=1000"), cancellation));
        var queue = depth.GetProperty("queues").EnumerateArray().Single(q => q.GetProperty("queue_name").GetString() == given.Queue);
        foreach (var status in new[] { "pending", "scheduled", "retrying", "dispatched", "running", "failed" })
        {
            Assert.Equal(1, queue.GetProperty(status).GetInt64());
        }

        Assert.Equal(1, queue.GetProperty("pending_by_priority").GetProperty("5").GetInt64());
        var (_, stats) = await Answers.ReadJsonAsync(await queues.StatsAsync(cancellation));
        Assert.Equal((5, 1), (stats.GetProperty("live").GetInt64(), stats.GetProperty("dead_letters").GetInt64()));
        Assert.True(stats.GetProperty("submissions_per_minute").GetDouble() > 0);
    }
}
