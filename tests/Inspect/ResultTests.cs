using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Inspect;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Tests.Local.Hosting;
using Millrace.Tests.Support;
using Npgsql;

namespace Millrace.Tests.Inspect;

public sealed class ResultTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncDisposable
{
    private const int Places = 6;

    private readonly TaskStore store = database.Store;
    private readonly ResultWatch watch = new(database.Store, TimeProvider.System, Places, NullLogger<ResultWatch>.Instance);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ResultInspector Results => new(store, watch);

    public ValueTask DisposeAsync() => watch.DisposeAsync();

    [Fact]
    public async Task What_has_ended_is_answered_at_once_and_to_the_letter()
    {
        var task = await new Given(store).EndedAsync(new Transition.Finish(FinishedAs.Succeeded, Encoding.UTF8.GetBytes("""{"b": 1.00, "a":  "é"}""")));

        var (status, body) = await AskAsync(task, "?wait=60");
        Assert.Equal(200, status);
        Assert.Contains("""
            "result":{"b": 1.00, "a":  "é"}
            """, body, StringComparison.Ordinal);
        Assert.Contains("\"finished_at\":", body, StringComparison.Ordinal);
        Assert.Equal(0, watch.Looks);
    }

    [Fact]
    public async Task A_dead_letter_shows_its_error()
    {
        var (status, body) = await AskAsync(await new Given(store).InAsync(TaskState.Failed), "");

        Assert.Equal(200, status);
        Assert.Contains("\"status\":\"failed\",\"error_type\":\"broken\",\"error_message\":\"It broke.\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_wait_a_live_task_is_answered_with_202()
    {
        var (status, body) = await AskAsync(await new Given(store).SubmittedAsync(), "");

        Assert.Equal(202, status);
        Assert.EndsWith("\"status\":\"pending\"}", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wait_ends_when_the_task_does_and_the_looking_with_it()
    {
        var given = new Given(store);
        var task = await given.SubmittedAsync();
        var ticket = await given.StartedAsync();
        var (one, two) = (AskAsync(task, "?wait=60s"), AskAsync(task, "?wait=60"));
        while (watch.Looks < 2)
        {
            await Task.Yield();
        }

        Assert.False(one.IsCompleted || two.IsCompleted);
        await given.AppliedAsync(ticket, task, new Transition.Finish(FinishedAs.Succeeded, "7"u8.ToArray()));

        Assert.All(await Task.WhenAll(one, two), static answer =>
        {
            Assert.Equal(200, answer.Status);
            Assert.Contains("\"result\":7", answer.Body, StringComparison.Ordinal);
        });
        var time = FakeTime.Start;
        await using var quiet = new ResultWatch(store, time, 1, NullLogger<ResultWatch>.Instance);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, quiet.Looks);
    }

    [Fact]
    public async Task A_wait_that_is_over_is_answered_with_202()
    {
        var time = FakeTime.Start;
        await using var patient = new ResultWatch(store, time, 3, NullLogger<ResultWatch>.Instance);
        var asked = new ResultInspector(store, patient).GetAsync((await new Given(store).SubmittedAsync()).ToString(), Answers.Get("?wait=500ms"), Cancellation);

        Assert.Equal(202, (await Answers.ReadAsync(await time.AdvanceUntilAsync(TimeSpan.FromMilliseconds(100), asked))).Status);
    }

    [Fact]
    public async Task A_task_that_is_deleted_meanwhile_is_not_found()
    {
        var task = await new Given(store).SubmittedAsync();
        var asked = AskAsync(task, "?wait=60s");
        await database.ExecuteAsync("DELETE FROM tasks WHERE id = $1", task.Value);

        Assert.Equal(404, (await asked).Status);
    }

    [Fact]
    public async Task Who_hangs_up_gives_the_place_back_and_one_too_many_is_told_when_to_come_back()
    {
        var task = await new Given(store).SubmittedAsync();
        using var hangUp = new CancellationTokenSource();
        var waiting = Enumerable.Range(0, Places / 2).Select(_ => Results.GetAsync(task.ToString(), Answers.Get("?wait=60s"), hangUp.Token)).ToList();
        for (var began = TimeProvider.System.GetTimestamp(); watch.Taken < Places / 2;)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30), "They do not wait.");
            await Task.Yield();
        }

        Assert.Null(watch.TryEnter(task, string.Empty));

        var (status, body) = await AskAsync(task, "?wait=60s");
        Assert.Equal(429, status);
        Assert.Contains("too-many-wait", body, StringComparison.Ordinal);
        Assert.Contains("3 of 6 places to wait in this process are taken, and one key may have 3 of them now.", body, StringComparison.Ordinal);
        await hangUp.CancelAsync();
        foreach (var answer in await Task.WhenAll(waiting))
        {
            Assert.Equal(202, (await Answers.ReadAsync(answer)).Status);
        }

        using var free = watch.TryEnter(task, string.Empty);
        Assert.NotNull(free);
    }

    [Fact]
    public async Task One_key_that_waits_with_all_it_has_leaves_places_for_the_others()
    {
        var task = await new Given(store).SubmittedAsync();
        await using var many = new ResultWatch(store, TimeProvider.System, 1_000, NullLogger<ResultWatch>.Instance);
        List<ResultWatch.Seat> seats = [];
        int Enter(string key, int times) => Enumerable.Range(0, times).Count(_ =>
        {
            var seat = many.TryEnter(task, key);
            seats.AddRange(seat is null ? [] : [seat]);
            return seat is not null;
        });

        Assert.Equal(500, Enter("greedy", 1_000));
        Assert.Equal(250, Enter("greedy too", 1_000));
        Assert.All(Enumerable.Range(0, 100), key => Assert.Equal(1, Enter($"modest {key}", 1)));
        seats.ForEach(static seat => seat.Dispose());
        seats.Clear();
        Assert.Equal((0, 500), (many.Taken, Enter("greedy", 1_000)));
        seats.ForEach(static seat => seat.Dispose());
    }

    [Fact]
    public async Task A_key_in_the_query_or_the_header_has_its_share_and_those_without_have_one_together()
    {
        var task = await new Given(store).SubmittedAsync();
        using var hangUp = new CancellationTokenSource();
        var waiting = Enumerable.Range(0, Places / 2).Select(_ => Results.GetAsync(task.ToString(), Answers.Get("?wait=60s&code=greedy"), hangUp.Token)).ToList();
        for (var began = TimeProvider.System.GetTimestamp(); watch.Taken < Places / 2;)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30), "They do not wait.");
            await Task.Yield();
        }

        var refused = Answers.Get("?wait=60s");
        refused.Headers["x-functions-key"] = "greedy";
        Assert.Equal(429, (await Answers.ReadAsync(await Results.GetAsync(task.ToString(), refused, Cancellation))).Status);
        Assert.Equal(202, (await AskAsync(task, "?wait=1ms&code=another")).Status);
        Assert.Equal(202, (await AskAsync(task, "?wait=1ms")).Status);
        await hangUp.CancelAsync();
        await Task.WhenAll(waiting);
    }

    [Theory]
    [InlineData("?wait=61s")]
    [InlineData("?wait=2m")]
    [InlineData("?wait=-1")]
    [InlineData("?wait=soon")]
    [InlineData("?wait=1e9")]
    [InlineData("?wait=5s&wait=6s")]
    [InlineData("?timeout=5")]
    public async Task What_cannot_be_waited_for_is_refused(string query)
    {
        var (status, body) = await AskAsync(await new Given(store).SubmittedAsync(), query);

        Assert.Equal(400, status);
        Assert.Contains("invalid-query", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_id_what_is_not_there_and_a_database_that_is_away_are_said()
    {
        Assert.Equal(400, (await Answers.ReadAsync(await Results.GetAsync("x", Answers.Get(), Cancellation))).Status);
        Assert.Equal(404, (await AskAsync(new TaskId(Guid.CreateVersion7()), "?wait=60s")).Status);

        await using var nobody = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Timeout=2");
        var away = new ResultInspector(new TaskStore(nobody, new CostMeter()), watch);
        Assert.Equal(503, (await Answers.ReadAsync(await away.GetAsync(Guid.CreateVersion7().ToString(), Answers.Get(), Cancellation))).Status);
    }

    private async Task<(int Status, string Body)> AskAsync(TaskId id, string query) =>
        await Answers.ReadAsync(await Results.GetAsync(id.ToString(), Answers.Get(query), Cancellation));
}
