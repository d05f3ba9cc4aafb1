using Millrace.DeadLetters;
using Millrace.Inspect;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Tests.Support;

namespace Millrace.Tests.DeadLetters;

public sealed class DeadLetterDeskTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private readonly TaskStore store = database.Store;

    private readonly List<string> nudged = [];

    private DeadLetterDesk Desk => new(store, new TaskSearch(store, TimeProvider.System), nudged.Add);

    [Fact]
    public async Task A_retry_brings_the_task_back_with_its_history_and_fresh_attempts()
    {
        var given = new Given(store);
        var task = await given.InAsync(TaskState.Failed);

        var retry = await Desk.RetryAsync(task.ToString(), Answers.Post(string.Empty, null), TestContext.Current.CancellationToken);

        Assert.Equal([given.Queue], nudged);
        var (status, body) = await Answers.ReadJsonAsync(retry);
        Assert.Equal(202, status);
        Assert.Equal("pending", body.GetProperty("status").GetString());
        Assert.Equal((0, 1), (body.GetProperty("attempt_count").GetInt32(), body.GetProperty("replays").GetInt32()));
        Assert.Equal(1, body.GetProperty("attempts").GetArrayLength());
        await given.AppliedAsync(await given.StartedAsync(), task, new Transition.Finish(FinishedAs.Succeeded, default));
    }

    [Fact]
    public async Task A_retry_may_move_the_task_to_another_queue_and_priority()
    {
        var given = new Given(store);
        var task = await given.InAsync(TaskState.Failed);
        var other = $"{given.Queue}-other";

        var retry = await Desk.RetryAsync(
            task.ToString(), Answers.Post($$"""{"queue_name":"{{other}}","priority":"critical"}"""), TestContext.Current.CancellationToken);

        Assert.Equal([other], nudged);
        await new Given(store, other).ClaimedAsync();
        var found = await store.FindAsync(task, TestContext.Current.CancellationToken);
        Assert.Equal((other, 10, TaskState.Dispatched), (found!.QueueName, found.Priority, found.State));
    }

    [Fact]
    public async Task A_retry_lifts_a_deadline_that_has_passed()
    {
        var given = new Given(store);
        var task = await given.InAsync(TaskState.Failed);
        await database.ExecuteAsync("UPDATE dead_letters SET expires_at = now() - interval '1 hour' WHERE id = $1", task.Value);
        await Desk.RetryAsync(task.ToString(), Answers.Post(), TestContext.Current.CancellationToken);
        await given.ClaimedAsync();
    }

    [Theory]
    [InlineData("[]", 400)]
    [InlineData("{", 400)]
    [InlineData("""{"queue_name":"a","queue_name":"b"}""", 400)]
    [InlineData("""{"queue_name":""}""", 400)]
    [InlineData("""{"queue_name":"\u0000"}""", 400)]
    [InlineData("""{"queue_name":"\ud800"}""", 400)]
    [InlineData("""{"\ud800":1}""", 400)]
    [InlineData("""{"priority":11}""", 400)]
    [InlineData("""{"priority":1e400}""", 400)]
    [InlineData("""{"priority":"urgent"}""", 400)]
    [InlineData("""{"colour":"red"}""", 400)]
    public async Task A_body_that_means_nothing_leaves_the_dead_letter_where_it_is(string body, int expected)
    {
        var task = await new Given(store).InAsync(TaskState.Failed);

        var retry = await Desk.RetryAsync(task.ToString(), Answers.Post(body), TestContext.Current.CancellationToken);

        Assert.Equal(expected, (await Answers.ReadAsync(retry)).Status);
        Assert.Empty(nudged);
        Assert.Equal(TaskState.Failed, (await store.FindAsync(task, TestContext.Current.CancellationToken))!.State);
    }

    [Fact]
    public async Task A_body_that_is_too_large_or_of_another_kind_is_refused()
    {
        var id = Guid.CreateVersion7().ToString();
        var cancellation = TestContext.Current.CancellationToken;
        Assert.Equal(413, (await Answers.ReadAsync(await Desk.RetryAsync(id, Answers.Post(new string(' ', 20_000)), cancellation))).Status);
        Assert.Equal(415, (await Answers.ReadAsync(await Desk.RetryAsync(id, Answers.Post("{}", "text/plain"), cancellation))).Status);
    }

    [Fact]
    public async Task The_list_shows_dead_letters_only_and_says_how_many()
    {
        var given = new Given(store);
        List<TaskId> dead = [await given.InAsync(TaskState.Failed), await given.InAsync(TaskState.Failed), await given.InAsync(TaskState.Failed)];
        await given.InAsync(TaskState.Succeeded);

        var (status, body) = await Answers.ReadJsonAsync(
            await Desk.ListAsync(Answers.Get($"?queue_name={given.Queue}&limit=2"), TestContext.Current.CancellationToken));

        Assert.Equal(200, status);
        Assert.Equal(3, body.GetProperty("total").GetInt64());
        Assert.Equal([dead[2].Value, dead[1].Value], body.GetProperty("tasks").EnumerateArray().Select(static t => t.GetProperty("id").GetGuid()));
        Assert.Equal("rejected", body.GetProperty("tasks")[0].GetProperty("death_reason").GetString());
        Assert.Equal(400, (await Answers.ReadAsync(await Desk.ListAsync(Answers.Get("?status=failed"), TestContext.Current.CancellationToken))).Status);
    }

    [Fact]
    public async Task A_task_that_is_nowhere_is_not_found_by_any_verb()
    {
        var id = Guid.CreateVersion7().ToString();
        var cancellation = TestContext.Current.CancellationToken;
        Assert.Equal(404, (await Answers.ReadAsync(await Desk.GetAsync(id, cancellation))).Status);
        Assert.Equal(404, (await Answers.ReadAsync(await Desk.DeleteAsync(id, cancellation))).Status);
        Assert.Equal(404, (await Answers.ReadAsync(await Desk.RetryAsync(id, Answers.Post(), cancellation))).Status);
        Assert.Equal(400, (await Answers.ReadAsync(await Desk.DeleteAsync("seven", cancellation))).Status);
    }

    [Fact]
    public async Task A_live_task_is_not_shown_as_a_dead_letter()
    {
        var task = await new Given(store).InAsync(TaskState.Pending);
        Assert.Equal(404, (await Answers.ReadAsync(await Desk.GetAsync(task.ToString(), TestContext.Current.CancellationToken))).Status);
    }
}
