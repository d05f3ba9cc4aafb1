using System.Globalization;
using System.Net;
using System.Text.Json;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;
using Millrace.Tests.Support;

namespace Millrace.Tests.Crashes;

/// <summary>A bulk action whose host dies goes on where it was: each task once, and the counts are exact.</summary>
public sealed class BulkKillTests
{
    /// <summary>A chunk is committed, nobody was told.</summary>
    internal const int Checkpoint = 12;

    private static readonly string Queue = $"q-{Guid.CreateVersion7():N}";

    [Fact]
    public async Task Killed_in_the_middle_of_many_it_completes_with_each_task_moved_once()
    {
        const int tasks = 20_000;
        await using var place = await Place.NewAsync();
        await SubmitAsync(place, tasks, delaySeconds: 36_000);
        Guid action;
        await using (var first = await HostProcess.StartAsync(place))
        {
            action = await OrderAsync(first, $$"""{"action": "move", "queue_name": "{{Queue}}-b", "filters": {"queue_name": "{{Queue}}"} }""");
            await place.UntilAsync("(SELECT matched FROM bulk_actions WHERE id = $1) > 500", action);
            first.Kill();
        }

        var before = await place.ScalarAsync<long>("SELECT matched FROM bulk_actions WHERE id = $1", action);
        Assert.Equal(before, await place.ScalarAsync<long>("SELECT count(*) FROM tasks WHERE queue_name = $1", Queue + "-b"));
        Assert.InRange(before, 501, tasks - 1);
        await AssertDoneAsync(place, action, tasks);
        Assert.Equal(tasks, await place.ScalarAsync<long>("SELECT count(*) FROM tasks WHERE queue_name = $1", Queue + "-b"));
        Assert.Equal(tasks, await CountedAsync(place, "moved"));
        await Books.AssertAddsUpAsync(place);
    }

    [Fact]
    public async Task Killed_before_anybody_was_told_what_came_back_runs_and_the_action_goes_on_behind_it()
    {
        const int tasks = 1_100;
        await using var place = await Place.NewAsync();
        await SubmitAsync(place, tasks, delaySeconds: 36_000);
        await place.ExecuteAsync(TaskStore.CancelSql, await place.ScalarAsync<Guid[]>("SELECT array_agg(id) FROM tasks"));
        Guid action;
        await using (var first = await HostProcess.StartAsync(place, Checkpoint))
        {
            action = await OrderAsync(first, $$"""{"action": "replay", "filters": {"queue_name": "{{Queue}}"} }""");
            await first.UntilKilledAsync();
        }

        Assert.Equal(500, await place.ScalarAsync<long>("SELECT matched FROM bulk_actions WHERE id = $1", action));
        await AssertDoneAsync(place, action, tasks);
        Assert.Equal(tasks, await CountedAsync(place, "rerun"));
        Assert.Equal(tasks, await place.ScalarAsync<long>(
            "SELECT count(*) FROM finished_tasks WHERE queue_name = $1 AND replays = 1 AND outcome = 'succeeded'", Queue));
    }

    private static async Task AssertDoneAsync(Place place, Guid action, int tasks)
    {
        await using var second = await HostProcess.StartAsync(place);
        await place.UntilAsync("EXISTS (SELECT FROM finished_tasks WHERE id = $1)", TimeSpan.FromSeconds(60), action);
        await place.UntilAsync("NOT EXISTS (SELECT FROM tasks WHERE due_at < now())", TimeSpan.FromSeconds(60));
        var view = JsonElement.Parse(await second.Client.GetStringAsync($"api/v1/bulk-actions/{action}", Place.Cancellation));
        Assert.Equal("done", view.GetProperty("status").GetString());
        Assert.Equal((tasks, tasks), (view.GetProperty("matched").GetInt32(), view.GetProperty("changed").GetInt32()));
        var ledger = JsonElement.Parse(await second.Client.GetStringAsync("api/v1/verify", Place.Cancellation));
        Assert.True(ledger.GetProperty("clean").GetBoolean(), ledger.GetRawText());
    }

    private static async Task<Guid> OrderAsync(HostProcess host, string order)
    {
        try
        {
            using var answer = await Work.PostAsync(host.Client, "api/v1/search/tasks/bulk-action", order);
            var body = await answer.Content.ReadAsStringAsync(Place.Cancellation);
            Assert.True(answer.StatusCode == HttpStatusCode.Accepted, body);
            return JsonElement.Parse(body).GetProperty("id").GetGuid();
        }
        catch (HttpRequestException exception)
        {
            throw new InvalidOperationException(host.Errors, exception);
        }
    }

    private static async Task SubmitAsync(Place place, int count, int delaySeconds)
    {
        foreach (var chunk in Enumerable.Range(0, count).Chunk(5_000))
        {
            await place.Store.SubmitAsync(
                [.. chunk.Select(n => new NewTask
                {
                    Id = TaskId.New(TimeProvider.System),
                    Type = "process",
                    QueueName = Queue,
                    Priority = 5,
                    Retries = new RetryPolicy(3, 5, 2, 3_600),
                    TimeoutSeconds = 60,
                    DelaySeconds = delaySeconds,
                    Data = System.Text.Encoding.UTF8.GetBytes(n.ToString(CultureInfo.InvariantCulture)),
                })], Place.Cancellation);
        }
    }

    private static Task<long> CountedAsync(Place place, string what) => place.ScalarAsync<long>("""
        SELECT coalesce(sum(count), 0)::bigint FROM (SELECT event, count FROM counter_totals UNION ALL SELECT event, count FROM counter_deltas) AS c
        WHERE event = $1
        """, what);
}
