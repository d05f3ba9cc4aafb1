using System.Text.Json;
using Millrace.Inspect;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;
using Millrace.Tests.Support;

namespace Millrace.Tests.Inspect;

public sealed class TaskListTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private readonly TaskStore store = database.Store;

    private TaskInspector Inspector => new(store, new TaskSearch(store, TimeProvider.System));

    [Fact]
    public async Task Paging_to_the_end_shows_every_task_once_while_others_come_and_move()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var given = new Given(store);
        List<NewTask> before = [.. Enumerable.Range(0, 120).Select(_ => given.NewTask())];
        await store.SubmitAsync(before, cancellation);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var churn = Task.Run(
            async () =>
            {
                for (var i = 0; !done.IsCancellationRequested; i++)
                {
                    await given.SubmittedAsync();
                    await store.CancelAsync(before[i * 7 % before.Count].Id, cancellation);
                }
            },
            cancellation);

        List<Guid> seen = [];
        string? cursor = null;
        do
        {
            var page = await ListAsync($"?queue_name={given.Queue}&limit=7{(cursor is null ? string.Empty : $"&cursor={cursor}")}");
            seen.AddRange(Ids(page));
            cursor = page.TryGetProperty("next_cursor", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);
        await done.CancelAsync();
        await churn;

        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.Empty(before.Select(static t => t.Id.Value).Except(seen));
        Assert.Equal(seen.OrderDescending(), seen);
    }

    [Theory]
    [InlineData("scheduled")]
    [InlineData("PENDING")]
    [InlineData("Dispatched")]
    [InlineData("running")]
    [InlineData("retrying")]
    [InlineData("succeeded")]
    [InlineData("FAILED")]
    [InlineData("cancelled")]
    [InlineData("expired")]
    public async Task A_status_in_any_letter_case_finds_the_tasks_in_it_and_no_others(string status)
    {
        var given = new Given(store);
        Dictionary<TaskState, TaskId> tasks = [];
        foreach (var state in Enum.GetValues<TaskState>().Where(static s => s != TaskState.Blocked).OrderBy(static s => s == TaskState.Pending))
        {
            tasks[state] = await given.InAsync(state);
        }

        var page = await ListAsync($"?queue_name={given.Queue}&status={status}");

        var wanted = TaskStateWords.Parse(status)!.Value;
        Assert.Equal([tasks[wanted].Value], Ids(page));
        Assert.Equal(wanted.Word(), page.GetProperty("tasks")[0].GetProperty("status").GetString());
    }

    [Fact]
    public async Task Type_and_task_name_mean_the_same_and_skip_passes_over()
    {
        var given = new Given(store);
        var first = await given.SubmittedAsync(static t => t with { Type = "rare" });
        await given.SubmittedAsync(static t => t with { Type = "rare" });
        await given.SubmittedAsync(static t => t with { Type = "other" });

        Assert.Equal(2, Ids(await ListAsync($"?queue_name={given.Queue}&task_name=rare")).Count);
        Assert.Equal([first.Value], Ids(await ListAsync($"?queue_name={given.Queue}&type=rare&skip=1&code=key")));
    }

    [Fact]
    public async Task Every_fault_of_a_query_is_answered_at_once_in_sentences()
    {
        var (status, body) = await Answers.ReadJsonAsync(await Inspector.ListAsync(
            Answers.Get("?status=lost&limit=0&cursor=abc&skip=10001&colour=red&queue_name=a&queue_name=b&type=%00"), TestContext.Current.CancellationToken));

        Assert.Equal(400, status);
        var errors = body.GetProperty("errors");
        Assert.Equal(
            ["colour", "cursor", "limit", "queue_name", "skip", "status", "type"],
            errors.EnumerateObject().Select(static e => e.Name).Order(StringComparer.Ordinal));
        Assert.All(errors.EnumerateObject(), static e => Assert.EndsWith(".", e.Value[0].GetString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("?limit=-1")]
    [InlineData("?limit=ten")]
    [InlineData("?limit=99999999999999999999")]
    [InlineData("?skip=-1")]
    [InlineData("?status=")]
    [InlineData("?cursor=AgAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("?type=a&task_name=b")]
    public async Task A_query_that_means_nothing_is_refused(string query)
    {
        var (status, _) = await Answers.ReadAsync(await Inspector.ListAsync(Answers.Get(query), TestContext.Current.CancellationToken));
        Assert.Equal(400, status);
    }

    [Fact]
    public async Task A_limit_above_the_cap_is_the_cap()
    {
        var page = await ListAsync("?limit=5000");
        Assert.Equal(1_000, page.GetProperty("limit").GetInt32());
    }

    [Fact]
    public async Task A_task_that_failed_and_then_succeeded_shows_both_attempts()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var given = new Given(store);
        var task = await given.SubmittedAsync();
        await given.AppliedAsync(await given.StartedAsync(), task, Given.Failed(TimeSpan.Zero));
        await given.AppliedAsync(await given.StartedAsync(), task, new Transition.Finish(FinishedAs.Succeeded, default));

        var (_, body) = await Answers.ReadJsonAsync(await Inspector.GetAsync(task.ToString(), Answers.Get(string.Empty), cancellation));

        Assert.Equal(["failed", "succeeded"], body.GetProperty("attempts").EnumerateArray().Select(static a => a.GetProperty("outcome").GetString()));
        Assert.Equal([1, 2], body.GetProperty("attempts").EnumerateArray().Select(static a => a.GetProperty("attempt").GetInt32()));
        Assert.Equal(2, body.GetProperty("attempt_count").GetInt32());
        Assert.Equal("broken", body.GetProperty("error_type").GetString());
        Assert.Equal("It broke.", body.GetProperty("error_message").GetString());
        Assert.Equal("at Handler.Run()", body.GetProperty("traceback").GetString());
        Assert.EndsWith("Z", body.GetProperty("created_at").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_id_is_refused_and_what_is_nowhere_is_not_found()
    {
        var cancellation = TestContext.Current.CancellationToken;
        Assert.Equal(400, (await Answers.ReadAsync(await Inspector.GetAsync("seven", Answers.Get(string.Empty), cancellation))).Status);
        Assert.Equal(404, (await Answers.ReadAsync(await Inspector.GetAsync(Guid.CreateVersion7().ToString(), Answers.Get(string.Empty), cancellation))).Status);
    }

    private async Task<JsonElement> ListAsync(string query)
    {
        var (status, body) = await Answers.ReadJsonAsync(await Inspector.ListAsync(Answers.Get(query), TestContext.Current.CancellationToken));
        Assert.Equal(200, status);
        return body;
    }

    private static List<Guid> Ids(JsonElement page) => [.. page.GetProperty("tasks").EnumerateArray().Select(static t => t.GetProperty("id").GetGuid())];
}
