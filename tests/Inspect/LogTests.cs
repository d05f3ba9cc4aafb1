using System.Text.Json;
using Millrace.Inspect;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;
using Millrace.Tests.Support;

namespace Millrace.Tests.Inspect;

public sealed class LogTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private readonly TaskStore store = database.Store;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private LogInspector Logs => new(store);

    [Fact]
    public async Task Lines_come_in_their_order_page_by_page()
    {
        var given = new Given(store);
        var (task, other) = (await given.SubmittedAsync(), await given.SubmittedAsync());
        var ticket = await given.StartedAsync();
        List<TaskLogLine> lines = [.. Enumerable.Range(1, 5).Select(n => new TaskLogLine(task, ticket, 1_000 - (n * 7 % 5), 1, "Information", $"line {n}"))];
        await store.ReportAsync([], [.. lines[..2], new(other, ticket, 0, 1, "Error", "of the other"), .. lines[2..]], Cancellation);

        List<string?> read = [];
        var cursor = string.Empty;
        do
        {
            var (status, page) = await AskAsync(task.ToString(), "?limit=2" + cursor);
            Assert.Equal(200, status);
            read.AddRange(page.GetProperty("lines").EnumerateArray().Select(static l => l.GetProperty("message").GetString()));
            cursor = page.TryGetProperty("next_cursor", out var next) ? $"&cursor={next.GetString()}" : null;
        }
        while (cursor is not null);

        Assert.Equal(["line 1", "line 2", "line 3", "line 4", "line 5"], read);
    }

    [Fact]
    public async Task A_level_shows_the_graver_ones_too()
    {
        var given = new Given(store);
        var task = await given.SubmittedAsync();
        var ticket = await given.StartedAsync();
        await store.ReportAsync([], [.. new[] { "Debug", "Information", "Warning", "Error" }.Select(level => new TaskLogLine(task, ticket, 0, 1, level, level))], Cancellation);

        var (_, page) = await AskAsync(task.ToString(), "?level=WARNING");

        Assert.Equal(["warning", "error"], page.GetProperty("lines").EnumerateArray().Select(static l => l.GetProperty("level").GetString()));
    }

    [Fact]
    public async Task A_task_without_lines_has_none_wherever_it_is_and_an_unknown_one_is_not_found()
    {
        foreach (var state in (TaskState[])[TaskState.Pending, TaskState.Succeeded, TaskState.Failed])
        {
            var (status, page) = await AskAsync((await new Given(store).InAsync(state)).ToString(), "");
            Assert.Equal((200, 0), (status, page.GetProperty("count").GetInt32()));
        }

        Assert.Equal(404, (await AskAsync(Guid.CreateVersion7().ToString(), "")).Status);
        Assert.Equal(400, (await AskAsync("x", "")).Status);
    }

    [Fact]
    public async Task All_faults_of_a_query_are_answered_at_once()
    {
        var (status, problem) = await AskAsync(Guid.CreateVersion7().ToString(), "?limit=0&cursor=x&level=loud&tail=1");

        Assert.Equal(400, status);
        Assert.Equal(["cursor", "level", "limit", "tail"], problem.GetProperty("errors").EnumerateObject().Select(static e => e.Name));
    }

    private async Task<(int Status, JsonElement Body)> AskAsync(string id, string query) =>
        await Answers.ReadJsonAsync(await Logs.ListAsync(id, Answers.Get(query), Cancellation));
}
