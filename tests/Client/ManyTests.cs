using System.Net;
using System.Text.Json;
using Millrace.Client;
using Millrace.Lifecycle;
using Millrace.Tests.Pipeline;
using Millrace.Tests.Support;

namespace Millrace.Tests.Client;

/// <summary>Many tasks at once, found and changed by the client, in the whole app.</summary>
public sealed class ManyTests(PipelineFixture pipeline) : IClassFixture<PipelineFixture>
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    private readonly Work work = new(pipeline.Place, pipeline.Host.Client);
    private readonly MillraceClient client = HostClient.Of(pipeline);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private TaskFilter Mine => new() { QueueName = work.Queue };

    [Fact]
    public async Task A_search_by_every_filter_is_followed_to_its_end()
    {
        await work.SubmitManyAsync(
            1_010, fields: "\"delay_seconds\": 3600, \"tags\": [\"eu\"], \"priority\": 7", data: static n => $$"""{"customer": {"id": {{n % 2}}, "name": "a b&c"} }""");
        var filter = Mine with
        {
            Status = TaskFilter.Waiting,
            Type = "scripted",
            Priority = 7,
            Tag = "eu",
            CreatedAfter = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.FromHours(2)),
            CreatedBefore = new DateTimeOffset(2999, 1, 1, 0, 0, 0, TimeSpan.Zero),
            Data = new Dictionary<string, string> { ["customer.name"] = "a b&c" },
        };

        var all = await client.SearchAsync(filter, Cancellation).ToListAsync(Cancellation);
        var half = await client.SearchAsync(filter with { Data = new Dictionary<string, string> { ["customer.id"] = "1" } }, Cancellation).ToListAsync(Cancellation);

        Assert.Equal((1_010, 1_010), (all.Count, all.DistinctBy(static task => task.Id).Count()));
        Assert.Equal(505, half.Count);
        Assert.Empty(await client.SearchAsync(Mine with { Status = TaskStates.Failed }, Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task Every_preset_is_known_and_finds_what_it_says()
    {
        await DieAsync(1);

        foreach (var preset in Enum.GetValues<TaskPreset>())
        {
            var found = await client.SearchAsync(preset, 1_000, Cancellation);
            Assert.Equal(preset == TaskPreset.FailedRecently, found.Any(task => task.QueueName == work.Queue));
        }
    }

    [Fact]
    public async Task A_bulk_action_is_counted_begun_and_watched_to_its_end()
    {
        await work.SubmitManyAsync(12, fields: "\"delay_seconds\": 3600", data: static n => $$"""{"n": {"odd": {{(n % 2 == 1 ? "true" : "false")}} } }""");
        var order = new BulkActionOrder
        {
            Action = BulkActionKind.Boost,
            Filters = Mine with { Data = new Dictionary<string, string> { ["n.odd"] = "true" } },
            Priority = 9,
        };

        var count = await client.CountBulkActionAsync(order, Cancellation);
        var begun = await client.BeginBulkActionAsync(order, Cancellation);
        var done = await EndOfAsync(begun);

        Assert.Equal((BulkActionKind.Boost, 6, true, null), (count.Action, count.Matched, count.Complete, count.Confirm));
        Assert.Equal((6, false), (count.Sample.Count, begun.HasEnded));
        Assert.Equal((BulkActionStates.Done, 6, 6), (done.Status, done.Matched, done.Changed));
        Assert.NotNull(done.FinishedAt);
        Assert.Equal(6, await client.ListAsync(Mine with { Priority = 9 }, Cancellation).CountAsync(Cancellation));
        Assert.Null(await client.GetBulkActionAsync(Guid.CreateVersion7(), Cancellation));
    }

    [Fact]
    public async Task A_bulk_action_is_aborted_and_one_on_everything_is_refused()
    {
        await client.SetQueueAsync("millrace", new QueueLimits(), Cancellation);
        await client.PauseQueueAsync("millrace", Cancellation);
        await work.SubmitManyAsync(3, fields: "\"delay_seconds\": 3600");
        var begun = await client.BeginBulkActionAsync(new BulkActionOrder { Action = BulkActionKind.Cancel, Filters = Mine }, Cancellation);

        var aborted = await client.AbortBulkActionAsync(begun.Id, Cancellation);
        await client.ResumeQueueAsync("millrace", Cancellation);
        var refusal = await Assert.ThrowsAsync<MillraceException>(
            () => client.BeginBulkActionAsync(new BulkActionOrder { Action = BulkActionKind.Cancel }, Cancellation));

        Assert.Equal((BulkActionStates.Waiting, BulkActionStates.Aborted), (begun.Status, aborted.Status));
        Assert.Equal(3, await client.ListAsync(Mine, Cancellation).CountAsync(Cancellation));
        Assert.Equal(("invalid-bulk-action", "filters"), (refusal.Problem?.Slug, refusal.Problem?.Errors?.Keys.Single()));
    }

    [Fact]
    public async Task A_failure_is_listed_and_its_replay_stops_at_a_canary_that_fails_and_goes_on_when_it_is_mended()
    {
        await DieAsync(8);
        var group = Assert.Single(await client.ListFailuresAsync(Cancellation), one => one.ErrorType == work.Queue);
        var count = await client.CountFailureAsync(group.Fingerprint, Cancellation);

        var stopped = await EndOfAsync(await client.ReplayFailureAsync(group.Fingerprint, new FailureReplayOrder { Canary = 2 }, Cancellation));
        await work.UntilDoneAsync();
        pipeline.Host.Scripts[work.Queue] = static _ => new(TaskOutcome.Succeeded());
        var done = await EndOfAsync(await client.ReplayFailureAsync(group.Fingerprint, new FailureReplayOrder { Canary = 2 }, Cancellation));
        await work.UntilDoneAsync();

        Assert.Equal(("scripted", "It broke.", 8, 0), (group.Type, group.ErrorMessage, group.Dead, group.Retrying));
        Assert.Equal((8, BulkActionKind.Retry), (count.Matched, count.Action));
        Assert.Equal((BulkActionStates.StoppedByCanary, 2), (stopped.Status, stopped.Canaries!.Count));
        Assert.Equal((BulkActionStates.Done, 8), (done.Status, done.Changed));
        Assert.Equal(8, await client.ListAsync(Mine with { Status = TaskStates.Succeeded }, Cancellation).CountAsync(Cancellation));
        var refusal = await Assert.ThrowsAsync<MillraceException>(() => client.CountFailureAsync(group.Fingerprint, Cancellation));
        Assert.Equal("failure-not-found", refusal.Problem?.Slug);
    }

    [Fact]
    public async Task Dead_letters_are_retried_by_filter_into_another_queue()
    {
        var other = new Work(pipeline.Place, pipeline.Host.Client);
        pipeline.Host.Scripts[other.Queue] = static _ => new(TaskOutcome.Succeeded());
        await DieAsync(5);
        var order = new ManyOrder { Filters = Mine with { ErrorType = work.Queue }, QueueName = other.Queue, Priority = 8 };

        var count = await client.CountDeadLettersAsync(order, Cancellation);
        var done = await EndOfAsync(await client.RetryDeadLettersAsync(order, Cancellation));
        await other.UntilDoneAsync();

        Assert.Equal((5, 5), (count.Matched, done.Changed));
        Assert.Equal(5, await client.ListAsync(new() { QueueName = other.Queue, Priority = 8 }, Cancellation).CountAsync(Cancellation));
    }

    [Fact]
    public async Task Dead_letters_are_exported_whole_and_purged_when_their_number_is_confirmed()
    {
        await DieAsync(120);

        var letters = await client.ExportDeadLettersAsync(Mine, Cancellation).ToListAsync(Cancellation);
        var count = await client.CountPurgeAsync(Mine, Cancellation);
        var refusal = await Assert.ThrowsAsync<MillraceException>(() => client.PurgeDeadLettersAsync(Mine, 7, Cancellation));
        var done = await EndOfAsync(await client.PurgeDeadLettersAsync(Mine, count.Confirm!.Value, Cancellation));

        Assert.Equal(Enumerable.Range(0, 120), letters.Select(static letter => letter.Data!.Value.GetInt32()).Order());
        Assert.All(letters, static letter => Assert.Single(letter.Attempts!));
        Assert.Equal((HttpStatusCode.Conflict, "not-confirmed"), (refusal.StatusCode, refusal.Problem?.Slug));
        Assert.Equal((BulkActionStates.Done, 120), (done.Status, done.Changed));
        Assert.Equal(0, (await client.CountPurgeAsync(Mine, Cancellation)).Matched);
    }

    [Fact]
    public async Task Without_a_filter_all_dead_letters_are_counted()
    {
        await DieAsync(2);

        Assert.True((await client.CountPurgeAsync(new TaskFilter(), Cancellation)).Confirm >= 2);
        Assert.True((await client.CountDeadLettersAsync(new ManyOrder { All = true }, Cancellation)).Matched >= 2);
    }

    [Fact]
    public async Task An_event_is_a_task_and_is_accepted_once()
    {
        var occurrence = new CloudEvent
        {
            Id = "1",
            Source = $"/{work.Queue}",
            Type = "echo",
            Subject = "é",
            Time = new DateTimeOffset(2026, 5, 1, 14, 0, 0, TimeSpan.FromHours(2)),
            Data = JsonSerializer.Deserialize<JsonElement>("""{"a": 1.0}"""),
            DataContentType = "application/json",
            QueueName = work.Queue,
            Priority = 8,
            Extensions = new Dictionary<string, JsonElement> { ["region"] = JsonSerializer.Deserialize<JsonElement>("\"eu\"") },
        };

        var first = await client.SubmitAsync(occurrence, Cancellation);
        await client.WaitAsync(first.Id, Long, Cancellation);
        var again = await client.SubmitAsync(occurrence, Cancellation);
        var many = await client.SubmitManyAsync([occurrence, occurrence with { Id = "2" }, occurrence with { Id = "3", Type = "no_such" }], cancellation: Cancellation);
        var task = await client.GetAsync(first.Id, Cancellation);

        Assert.Equal((first.Id, false, true), (again.Id, first.IsReplayed, again.IsReplayed));
        Assert.Equal([200, 202, 400], many.Items.Select(static item => item.Status));
        Assert.Equal((work.Queue, 8, """{"a":1.0}"""), (task!.QueueName, task.Priority, task.Data!.Value.GetRawText()));
        Assert.Contains("\"eu\"", task.Context!.Value.GetRawText(), StringComparison.Ordinal);
    }

    private async Task<BulkAction> EndOfAsync(BulkAction begun)
    {
        Assert.True((await client.WaitAsync(begun.Id, Long, Cancellation)).HasEnded);
        var ended = (await client.GetBulkActionAsync(begun.Id, Cancellation))!;
        Assert.True(ended.HasEnded);
        return ended;
    }

    /// <summary>Makes so many dead letters, whose type of error is the name of the queue.</summary>
    private async Task DieAsync(int count)
    {
        pipeline.Host.Scripts[work.Queue] = _ => new(TaskOutcome.Rejected(work.Queue, "It broke."));
        await work.SubmitManyAsync(count);
        await work.UntilDoneAsync();
    }
}
