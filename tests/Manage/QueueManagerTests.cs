using Microsoft.AspNetCore.Http;
using Millrace.Lifecycle;
using Millrace.Manage;
using Millrace.Store;
using Millrace.Tests.Support;
using Npgsql;

namespace Millrace.Tests.Manage;

public sealed class QueueManagerTests : IClassFixture<TestDatabase>, IDisposable
{
    private readonly TaskStore store;
    private readonly List<string> nudged = [];
    private readonly QueueManager queues;

    public QueueManagerTests(TestDatabase database)
    {
        store = database.Store;
        queues = new(store, TimeSpan.Zero, TimeProvider.System, nudged.Add);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string NewName => $"q-{Guid.CreateVersion7():N}";

    public void Dispose() => queues.Dispose();

    [Fact]
    public async Task A_queue_is_shown_with_its_tasks_alone_and_among_the_others()
    {
        var given = new Given(store);
        foreach (var state in (TaskState[])[TaskState.Scheduled, TaskState.Running, TaskState.Failed, TaskState.Pending])
        {
            await given.InAsync(state);
        }

        var (status, one) = await Answers.ReadJsonAsync(await queues.GetAsync(given.Queue, Cancellation));
        Assert.Equal((200, false), (status, one.GetProperty("paused").GetBoolean()));
        foreach (var word in (string[])["depth", "pending", "scheduled", "running", "failed"])
        {
            Assert.Equal(1, one.GetProperty(word).GetInt64());
        }

        (_, var all) = await Answers.ReadJsonAsync(await queues.ListAsync(Answers.Get("?limit=1000"), Cancellation));
        var listed = all.GetProperty("queues").EnumerateArray().Single(q => q.GetProperty("name").GetString() == given.Queue);
        Assert.Equal(one.ToString(), listed.ToString());
    }

    [Fact]
    public async Task A_depth_is_set_kept_and_taken_away()
    {
        var name = NewName;
        Assert.Equal((201, 5), await PutAsync(name, """{"max_depth": 5}"""));
        Assert.Equal((200, 5), await PutAsync(name, "{}"));
        Assert.Equal((200, 6), await PutAsync(name, """{"max_depth": 6}"""));
        Assert.Equal(6, (await store.FindQueueAsync(name, Cancellation))!.MaxDepth);
        Assert.Equal((200, null), await PutAsync(name, """{"max_depth": null}"""));
        Assert.Equal((201, null), await PutAsync(NewName, "{}"));
        Assert.Equal((201, 7), await PutAsync("a%2fb:c", """{"max_depth": 7}"""));
        Assert.NotNull(await store.FindQueueAsync("a/b:c", Cancellation));
    }

    [Fact]
    public async Task All_faults_are_answered_at_once_and_nothing_is_changed()
    {
        var (status, body) = await Answers.ReadJsonAsync(await queues.PutAsync(
            "white space", Answers.Post("""{"max_depth": 0, "paused": true}"""), Cancellation));

        Assert.Equal((400, "urn:millrace:problem:invalid-queue"), (status, body.GetProperty("type").GetString()));
        Assert.Equal(["max_depth", "name", "paused"], body.GetProperty("errors").EnumerateObject().Select(static e => e.Name));
    }

    [Theory]
    [InlineData("""{"max_depth": 5""", "application/json", 400)]
    [InlineData("""{"max_depth": 5, "max_depth": 6}""", "application/json", 400)]
    [InlineData("[]", "application/json", 400)]
    [InlineData("", "application/json", 400)]
    [InlineData("""{"max_depth": 1.5}""", "application/json", 400)]
    [InlineData("""{"max_depth": "5"}""", "application/json", 400)]
    [InlineData("""{"max_depth": 5}""", "text/plain", 415)]
    public async Task A_body_that_is_none_is_refused(string body, string contentType, int status)
    {
        var name = NewName;

        Assert.Equal(status, (await Answers.ReadAsync(await queues.PutAsync(name, Answers.Post(body, contentType), Cancellation))).Status);
        Assert.Null(await store.FindQueueAsync(name, Cancellation));
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused() => Assert.Equal(
        413, (await Answers.ReadAsync(await queues.PutAsync(NewName, Answers.Post(new string(' ', 20_000)), Cancellation))).Status);

    [Fact]
    public async Task Pause_and_resume_may_be_repeated_and_only_resume_starts_work()
    {
        var name = NewName;
        await PutAsync(name, "{}");
        foreach (var _ in (int[])[1, 2])
        {
            var (status, body) = await Answers.ReadJsonAsync(await queues.PauseAsync(name, Cancellation));
            Assert.Equal((200, true), (status, body.GetProperty("paused").GetBoolean()));
        }

        Assert.Empty(nudged);
        foreach (var _ in (int[])[1, 2])
        {
            var (status, body) = await Answers.ReadJsonAsync(await queues.ResumeAsync(name, Cancellation));
            Assert.Equal((200, false), (status, body.GetProperty("paused").GetBoolean()));
        }

        Assert.Equal([name, name], nudged);
    }

    [Fact]
    public async Task A_queue_that_is_not_there_is_not_found_and_a_database_that_is_away_is_said()
    {
        foreach (var answer in (IResult[])[
            await queues.GetAsync("nowhere", Cancellation), await queues.PauseAsync("nowhere", Cancellation), await queues.ResumeAsync("nowhere", Cancellation),
            await queues.DeleteAsync("nowhere", Cancellation)])
        {
            var (status, body) = await Answers.ReadJsonAsync(answer);
            Assert.Equal((404, "urn:millrace:problem:queue-not-found"), (status, body.GetProperty("type").GetString()));
        }

        Assert.Empty(nudged);
        await using var nobody = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Timeout=2");
        using var away = new QueueManager(new TaskStore(nobody, new CostMeter()), TimeSpan.Zero, TimeProvider.System, nudged.Add);
        foreach (var answer in (IResult[])[
            await away.ListAsync(Answers.Get(), Cancellation), await away.DeleteAsync("q", Cancellation), await away.GetAsync("q", Cancellation), await away.PutAsync("q", Answers.Post("{}"), Cancellation),
            await away.PauseAsync("q", Cancellation), await away.ResumeAsync("q", Cancellation)])
        {
            Assert.Equal(503, (await Answers.ReadAsync(answer)).Status);
        }
    }

    private async Task<(int Status, int? MaxDepth)> PutAsync(string name, string body)
    {
        var (status, view) = await Answers.ReadJsonAsync(await queues.PutAsync(name, Answers.Post(body), Cancellation));
        return (status, view.TryGetProperty("max_depth", out var depth) ? depth.GetInt32() : null);
    }
}
