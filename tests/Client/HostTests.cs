using System.Net;
using System.Text.Json;
using Millrace.Client;
using Millrace.Lifecycle;
using Millrace.Tests.Pipeline;
using Millrace.Tests.Support;

namespace Millrace.Tests.Client;

/// <summary>The client and the whole app, over HTTP.</summary>
public sealed class HostTests(PipelineFixture pipeline) : IClassFixture<PipelineFixture>
{
    private readonly Work work = new(pipeline.Place, pipeline.Host.Client);
    private readonly MillraceClient client = HostClient.Of(pipeline);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private NewTask Echo => new() { Type = "echo", QueueName = work.Queue };

    [Fact]
    public async Task A_task_comes_back_as_it_was_submitted_with_its_result()
    {
        var data = JsonSerializer.Deserialize<JsonElement>("""{"text": "é", "number": 1.50}""");

        var submitted = await client.SubmitAsync(
            Echo with
            {
                Data = data,
                Priority = TaskPriority.High,
                ScheduledAt = DateTimeOffset.UnixEpoch.AddYears(31),
                ExpiresAt = DateTimeOffset.UnixEpoch.AddYears(90),
                MaxRetries = 7,
                RetryDelay = TimeSpan.FromMilliseconds(250),
                RetryBackoff = 1.5,
                MaxRetryDelay = TimeSpan.FromSeconds(9),
                Timeout = TimeSpan.FromMinutes(2),
                ExternalId = work.Queue,
                ResultTtl = TimeSpan.FromDays(1),
                Tags = ["a"],
                Context = JsonSerializer.Deserialize<JsonElement>("""{"user": 7}"""),
            },
            cancellation: Cancellation);
        await work.UntilFinishedAsync(submitted.Id);
        var task = await client.GetAsync(submitted.Id, Cancellation);

        Assert.Equal((work.Queue, 8, false), (submitted.QueueName, submitted.Priority, submitted.IsReplayed));
        Assert.Equal((TaskStates.Succeeded, 8, TimeSpan.FromMinutes(2), work.Queue), (task!.Status, task.Priority, task.Timeout, task.ExternalId));
        Assert.Equal((7, 1.5, 0.25, 9), (task.MaxRetries, task.RetryBackoff, task.RetryDelay.TotalSeconds, task.MaxRetryDelay.TotalSeconds));
        Assert.Equal((7, TimeSpan.FromMinutes(2), TimeSpan.FromDays(1)), (submitted.MaxRetries, submitted.Timeout, submitted.ResultTtl));
        Assert.Equal((DateTimeOffset.UnixEpoch.AddYears(31), DateTimeOffset.UnixEpoch.AddYears(90)), (task.DueAt, task.ExpiresAt));
        Assert.Equal((TimeSpan.FromDays(1), task.FinishedAt!.Value.AddDays(1)), (task.ResultTtl, task.ResultExpiresAt));
        Assert.Equal("""{"user":7}""", task.Context!.Value.GetRawText());
        Assert.True(task.HasEnded);
        Assert.True(JsonElement.DeepEquals(data, task.Result!.Value));
        Assert.Equal(["a"], task.Tags);
        Assert.Equal("succeeded", Assert.Single(task.Attempts!).Outcome);
    }

    [Fact]
    public async Task An_answer_that_was_lost_twice_makes_one_task_only()
    {
        var lossy = new LossyHandler();
        var unlucky = HostClient.Of(pipeline, lossy);

        var submitted = await unlucky.SubmitAsync(Echo, cancellation: Cancellation);

        Assert.True(submitted.IsReplayed);
        Assert.Equal(3, lossy.Keys.Count);
        Assert.Single(lossy.Keys.Distinct());
        Assert.Equal(submitted.Id, Assert.Single(await client.ListAsync(new() { QueueName = work.Queue }, Cancellation).ToListAsync(Cancellation)).Id);
    }

    [Fact]
    public async Task A_key_of_the_callers_is_known_again_and_is_not_for_another_task()
    {
        var first = await client.SubmitAsync(Echo, work.Queue, Cancellation);
        var second = await client.SubmitAsync(Echo, work.Queue, Cancellation);
        var refusal = await Assert.ThrowsAsync<MillraceException>(() => client.SubmitAsync(Echo with { Priority = 1 }, work.Queue, Cancellation));

        Assert.Equal((first.Id, true), (second.Id, second.IsReplayed));
        Assert.Equal((HttpStatusCode.Conflict, "key-reused"), (refusal.StatusCode, refusal.Problem?.Slug));
    }

    [Fact]
    public async Task A_refusal_names_every_fault()
    {
        var refusal = await Assert.ThrowsAsync<MillraceException>(
            () => client.SubmitAsync(new NewTask { Type = "no_such", Priority = 11 }, cancellation: Cancellation));

        Assert.Equal("invalid-task", refusal.Problem?.Slug);
        Assert.Equal(["priority", "type"], refusal.Problem!.Errors!.Keys.Order());
        Assert.Contains("no_such", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_tasks_are_answered_one_by_one_or_none_is_accepted()
    {
        NewTask[] tasks = [Echo, new NewTask { Type = "no_such" }, Echo];

        var many = await client.SubmitManyAsync(tasks, cancellation: Cancellation);
        var refusal = await Assert.ThrowsAsync<MillraceException>(() => client.SubmitManyAsync(tasks, atomic: true, cancellation: Cancellation));

        Assert.Equal((2, 1), (many.Accepted, many.Refused));
        Assert.Equal([202, 400, 202], many.Items.Select(static item => item.Status));
        Assert.Contains("[1].type", refusal.Problem!.Errors!.Keys);
    }

    [Fact]
    public async Task A_stream_is_accepted_while_it_comes_and_known_again_by_its_key()
    {
        var result = await client.SubmitStreamAsync(TasksAsync(3_000), work.Queue, Cancellation);
        var again = await client.SubmitStreamAsync(TasksAsync(3_000), work.Queue, Cancellation);

        Assert.Equal((2_999, 0, 1, 3_000), (result.Accepted, result.Duplicates, result.RefusedCount, result.CommittedThroughLine));
        Assert.Equal(8, Assert.Single(result.Refused).Line);
        Assert.Equal((0, 2_999), (again.Accepted, again.Duplicates));
    }

    [Fact]
    public async Task A_list_is_followed_to_its_end()
    {
        await PauseAsync();
        await client.SubmitStreamAsync(TasksAsync(1_205), cancellation: Cancellation);
        TaskFilter filter = new() { QueueName = work.Queue, Type = "echo" };

        var all = await client.ListAsync(filter, Cancellation).ToListAsync(Cancellation);
        var page = await client.ListPageAsync(filter, limit: 7, cancellation: Cancellation);
        var next = await client.ListPageAsync(filter, page.NextCursor, 7, Cancellation);

        Assert.Equal(1_204, all.Select(static task => task.Id).Distinct().Count());
        Assert.Equal(all.Take(14).Select(static task => task.Id), page.Tasks.Concat(next.Tasks).Select(static task => task.Id));
    }

    [Fact]
    public async Task A_task_that_waits_is_cancelled_and_one_that_has_ended_is_not()
    {
        var later = await client.SubmitAsync(Echo with { Delay = TimeSpan.FromHours(1) }, cancellation: Cancellation);
        var now = await client.SubmitAsync(Echo, cancellation: Cancellation);
        await work.UntilFinishedAsync(now.Id);

        Assert.Equal(TaskStates.Cancelled, (await client.CancelAsync(later.Id, Cancellation)).Status);
        var refusal = await Assert.ThrowsAsync<MillraceException>(() => client.CancelAsync(now.Id, Cancellation));

        Assert.Equal("not-cancellable", refusal.Problem?.Slug);
        Assert.Null(await client.GetAsync(Guid.CreateVersion7(), Cancellation));
    }

    [Fact]
    public async Task A_dead_letter_is_listed_read_retried_and_deleted()
    {
        pipeline.Host.Scripts[work.Queue] = static _ => new(TaskOutcome.Rejected("no_good", "It is not good."));
        var task = await client.SubmitAsync(new NewTask { Type = "scripted", QueueName = work.Queue }, cancellation: Cancellation);
        await work.UntilDeadAsync(task.Id);

        var page = await client.ListDeadLettersPageAsync(new() { QueueName = work.Queue }, cancellation: Cancellation);
        var letter = await client.GetDeadLetterAsync(task.Id, Cancellation);
        await PauseAsync();
        var retried = await client.RetryDeadLetterAsync(task.Id, new() { Priority = 9 }, Cancellation);

        Assert.Equal((task.Id, 1), (Assert.Single(page.Tasks).Id, page.Total));
        Assert.Equal(("no_good", "rejected"), (letter!.ErrorType, letter.DeathReason));
        Assert.Equal((9, 1), (retried.Priority, retried.Replays));
        Assert.Null(await client.GetDeadLetterAsync(task.Id, Cancellation));

        await client.ResumeQueueAsync(work.Queue, Cancellation);
        await work.UntilDeadAsync(task.Id);
        Assert.True(await client.DeleteDeadLetterAsync(task.Id, Cancellation));
        Assert.False(await client.DeleteDeadLetterAsync(task.Id, Cancellation));
        Assert.Empty(await client.ListDeadLettersAsync(new() { QueueName = work.Queue }, Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task What_there_is_to_watch_is_read()
    {
        var task = await client.SubmitAsync(Echo, cancellation: Cancellation);
        await work.UntilFinishedAsync(task.Id);

        // A worker appears with its first heartbeat, which may follow its first task.
        await pipeline.Place.UntilAsync("EXISTS (SELECT FROM executors WHERE status = 'active')");

        var workers = await client.GetWorkersAsync(Cancellation);
        var stats = await client.GetStatsAsync(Cancellation);
        var depths = await client.GetQueueDepthAsync(limit: 1_000, cancellation: Cancellation);
        var ledger = await client.VerifyAsync(Cancellation);

        Assert.Equal(workers.Workers[0].Id, (await client.GetWorkerAsync(workers.Workers[0].Id, Cancellation))!.Id);
        Assert.Null(await client.GetWorkerAsync(Guid.CreateVersion7(), Cancellation));
        Assert.True(stats.ActiveWorkers > 0);
        Assert.True(stats.Totals.Values.Sum() > 0);
        Assert.NotEmpty(depths.Queues);
        Assert.Contains(ledger.Queues, queue => queue.QueueName == work.Queue && queue is { Accepted: 1, Succeeded: 1 });
        Assert.NotEqual(string.Empty, (await client.GetHealthAsync(Cancellation)).Status);
        Assert.True(await client.IsAliveAsync(Cancellation));
        var database = await client.GetDatabaseHealthAsync(Cancellation);
        Assert.Equal((true, 12), (database.Reachable, database.PoolSize));
        Assert.StartsWith("1", database.ServerVersion, StringComparison.Ordinal);
        Assert.Equal((false, null), ((await client.GetRedisHealthAsync(Cancellation)).Configured, (await client.GetRedisHealthAsync(Cancellation)).Reachable));
        Assert.Contains((await client.GetStorageHealthAsync(Cancellation)).Queues!, static queue => queue.Exists);
    }

    [Fact]
    public async Task Trends_show_what_happened_in_the_window_that_was_asked_for()
    {
        var task = await client.SubmitAsync(Echo, cancellation: Cancellation);
        await work.UntilFinishedAsync(task.Id);

        var trends = await client.GetTrendsAsync(
            new() { Window = TimeSpan.FromHours(2), Bucket = TimeSpan.FromMinutes(5), Type = "echo", QueueName = work.Queue }, Cancellation);
        var all = await client.GetTrendsAsync(cancellation: Cancellation);

        Assert.Equal((TimeSpan.FromMinutes(5), "echo", work.Queue), (trends.Bucket, trends.Type, trends.QueueName));
        Assert.InRange(trends.Buckets.Count, 24, 25);
        Assert.Equal((1, 1, 0), (trends.Totals.Accepted, trends.Totals.Succeeded, trends.Totals.Failed));
        Assert.True(all.Totals.Accepted >= 1);
    }

    [Fact]
    public async Task A_queue_is_set_paused_listed_cleared_and_goes_on()
    {
        var name = $"{work.Queue}/a";
        Assert.Null(await client.GetQueueAsync(name, Cancellation));

        Assert.Equal(3, (await client.SetQueueAsync(name, new() { MaxDepth = 3 }, Cancellation)).MaxDepth);
        Assert.True((await client.PauseQueueAsync(name, Cancellation)).Paused);
        await client.SubmitManyAsync([.. Enumerable.Repeat(Echo with { QueueName = name }, 3)], cancellation: Cancellation);
        var count = await client.CountClearAsync(name, Cancellation);
        var refusal = await Assert.ThrowsAsync<MillraceException>(() => client.ClearQueueAsync(name, 1, Cancellation));
        var clear = await client.ClearQueueAsync(name, count.Confirm!.Value, Cancellation);
        await client.WaitAsync(clear.Id, TimeSpan.FromSeconds(30), Cancellation);

        Assert.Equal((3, "not-confirmed"), (count.Confirm, refusal.Problem?.Slug));
        Assert.Equal(3, (await client.GetBulkActionAsync(clear.Id, Cancellation))!.Changed);
        Assert.Null((await client.SetQueueAsync(name, new(), Cancellation)).MaxDepth);
        Assert.False((await client.ResumeQueueAsync(name, Cancellation)).Paused);
        Assert.True(await client.ListQueuesAsync(Cancellation).AnyAsync(queue => queue.Name == name, Cancellation));
        Assert.True(await client.DeleteQueueAsync(name, Cancellation));
        Assert.False(await client.DeleteQueueAsync(name, Cancellation));
        var task = await client.SubmitAsync(Echo with { QueueName = name }, cancellation: Cancellation);
        Assert.True((await client.WaitAsync(task.Id, TimeSpan.FromSeconds(30), Cancellation)).HasEnded);
    }

    /// <summary>The eighth of them is not acceptable.</summary>
    private async IAsyncEnumerable<NewTask> TasksAsync(int count)
    {
        for (var n = 1; n <= count; n++)
        {
            if (n % 500 == 0)
            {
                await Task.Yield();
            }

            yield return n == 8 ? Echo with { Type = "no_such" } : Echo;
        }
    }

    private async Task PauseAsync()
    {
        await client.SetQueueAsync(work.Queue, new(), Cancellation);
        await client.PauseQueueAsync(work.Queue, Cancellation);
    }
}
