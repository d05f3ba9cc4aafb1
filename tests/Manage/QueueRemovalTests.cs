using Millrace.Inspect;
using Millrace.Lifecycle;
using Millrace.Manage;
using Millrace.Store;
using Millrace.Store.Rows;
using Millrace.Tests.Support;
using Npgsql;

namespace Millrace.Tests.Manage;

/// <summary>A queue that holds nothing can go, and comes again with the next task.</summary>
public sealed class QueueRemovalTests : IClassFixture<TestDatabase>, IDisposable
{
    private const int Races = 150;

    private readonly TestDatabase database;
    private readonly TaskStore store;
    private readonly QueueManager queues;

    public QueueRemovalTests(TestDatabase database)
    {
        this.database = database;
        store = database.Store;
        queues = new(store, TimeSpan.Zero, TimeProvider.System, static _ => { });
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => queues.Dispose();

    [Fact]
    public async Task An_empty_queue_goes_whatever_is_set_for_it_and_a_submission_makes_it_again()
    {
        var given = new Given(store);
        await store.PutQueueAsync(given.Queue, 5, true, Cancellation);
        await store.PauseQueueAsync(given.Queue, true, Cancellation);

        Assert.Equal(204, await DeleteAsync(given.Queue));
        Assert.Null(await store.FindQueueAsync(given.Queue, Cancellation));
        Assert.Equal(404, await DeleteAsync(given.Queue));

        await given.SubmittedAsync();
        Assert.NotNull(await store.FindQueueAsync(given.Queue, Cancellation));
    }

    [Theory]
    [InlineData("Pending", "1 live tasks and 0 dead letters")]
    [InlineData("Scheduled", "1 live tasks and 0 dead letters")]
    [InlineData("Running", "1 live tasks and 0 dead letters")]
    [InlineData("Retrying", "1 live tasks and 0 dead letters")]
    [InlineData("Failed", "0 live tasks and 1 dead letters")]
    public async Task A_queue_that_holds_something_stays_and_the_answer_says_what(string state, string sentence)
    {
        var given = new Given(store);
        await given.InAsync(Enum.Parse<TaskState>(state));

        var (status, body) = await Answers.ReadJsonAsync(await queues.DeleteAsync(given.Queue, Cancellation));

        Assert.Equal((409, "urn:millrace:problem:queue-not-empty"), (status, body.GetProperty("type").GetString()));
        Assert.Contains(sentence, body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.NotNull(await store.FindQueueAsync(given.Queue, Cancellation));
    }

    [Fact]
    public async Task No_submission_that_meets_a_removal_fails_or_is_left_in_a_queue_that_nobody_knows()
    {
        for (var race = 0; race < Races; race++)
        {
            var given = new Given(store);
            await store.PutQueueAsync(given.Queue, null, false, Cancellation);
            using var start = new Barrier(2);
            var headStart = race * 1_000;
            var submission = Task.Run(
                () =>
                {
                    start.SignalAndWait(Cancellation);
                    Thread.SpinWait(headStart);
                    return given.SubmittedAsync();
                },
                Cancellation);
            start.SignalAndWait(Cancellation);
            var status = await DeleteAsync(given.Queue);
            await submission;

            // 503: other submissions than this one would have had to hold the table for long.
            Assert.True(status is 204 or 409, $"The removal was answered with {status}.");
            Assert.NotNull(await store.FindQueueAsync(given.Queue, Cancellation));
        }

        Assert.Equal(0, await database.ScalarAsync<long>("SELECT count(*) FROM tasks t WHERE NOT EXISTS (SELECT FROM queues q WHERE q.name = t.queue_name)"));
    }

    [Fact]
    public async Task A_submission_that_has_looked_before_the_removal_and_commits_after_it_is_waited_for()
    {
        var given = new Given(store);
        await store.PutQueueAsync(given.Queue, null, false, Cancellation);
        await using var connection = await database.Source.OpenConnectionAsync(Cancellation);
        await using var submission = await connection.BeginTransactionAsync(Cancellation);
        var sql = $"INSERT INTO queues (name) SELECT '{given.Queue}' WHERE NOT EXISTS (SELECT FROM queues WHERE name = '{given.Queue}')";
        await using var looks = new NpgsqlCommand(sql, connection, submission);
        Assert.Equal(0, await looks.ExecuteNonQueryAsync(Cancellation));

        var refused = await Assert.ThrowsAsync<PostgresException>(() => store.RemoveQueueAsync(given.Queue, Cancellation));

        Assert.Equal(PostgresErrorCodes.LockNotAvailable, refused.SqlState);
        Assert.Equal(503, await DeleteAsync(given.Queue));
        await submission.CommitAsync(Cancellation);
        Assert.Equal(204, await DeleteAsync(given.Queue));
    }

    [Fact]
    public async Task Housekeeping_removes_what_nobody_has_used_for_a_day_and_keeps_the_books()
    {
        string[] names = ["old-a", "old-b", "young", "bounded", "paused", "full", "dead", "used"];
        foreach (var name in names)
        {
            await store.PutQueueAsync(name, name == "bounded" ? 1 : null, true, Cancellation);
        }

        await new Given(store, "full").InAsync(TaskState.Scheduled);
        await new Given(store, "dead").InAsync(TaskState.Failed);
        await new Given(store, "used").InAsync(TaskState.Succeeded);
        await new Given(store, "old-b").InAsync(TaskState.Succeeded);
        await store.PauseQueueAsync("paused", true, Cancellation);
        await FoldAsync();
        await database.ExecuteAsync("UPDATE queues SET created_at = now() - interval '25 hours' WHERE name <> 'young'");
        await database.ExecuteAsync("UPDATE counter_sums SET since = since - interval '26 hours' WHERE queue_name <> 'used'");

        while (await store.RemoveUnusedQueuesAsync(3, Cancellation) > 0)
        {
        }

        Assert.Equal(
            "bounded dead full paused used young",
            await database.ScalarAsync<string>("SELECT string_agg(name, ' ' ORDER BY name) FROM queues WHERE name = ANY ($1)", [names]));
        var ledger = LedgerRules.Judge(await store.VerifyAsync(100, Cancellation));
        Assert.Empty(ledger.Faults);
        Assert.Equal(1, ledger.Queues.Single(static queue => queue.QueueName == "old-b").Succeeded);
    }

    private async Task FoldAsync()
    {
        while (await store.FoldCountersAsync(10_000, Cancellation) > 0)
        {
        }
    }

    private async Task<int> DeleteAsync(string name) => (await Answers.ReadAsync(await queues.DeleteAsync(name, Cancellation))).Status;
}
