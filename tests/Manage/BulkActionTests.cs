using System.Net;
using System.Text.Json;
using Millrace.Lifecycle;
using Millrace.Tests.Pipeline;
using Millrace.Tests.Support;

namespace Millrace.Tests.Manage;

/// <summary>One order for many tasks, through the whole pipeline: the order is a task like any other.</summary>
public sealed class BulkActionTests(PipelineFixture pipeline) : IClassFixture<PipelineFixture>
{
    private readonly Place place = pipeline.Place;
    private readonly HttpClient client = pipeline.Host.Client;
    private readonly Work work = new(pipeline.Place, pipeline.Host.Client);

    [Fact]
    public async Task Cancel_ends_what_matches_and_nothing_else()
    {
        await work.SubmitManyAsync(1_200, fields: "\"delay_seconds\": 3600, \"priority\": 1");
        await work.SubmitManyAsync(7, fields: "\"delay_seconds\": 3600, \"priority\": 2");

        var action = await OrderAsync($$"""{"action": "cancel", "filters": {"priority": 1, "queue_name": "{{work.Queue}}"} }""");
        var done = await UntilEndedAsync(action);

        Assert.Equal(("done", 1_200, 1_200), (Text(done, "status"), Number(done, "matched"), Number(done, "changed")));
        Assert.Equal(7, await place.ScalarAsync<long>("SELECT count(*) FROM tasks WHERE queue_name = $1", work.Queue));
        await AssertCleanAsync();
    }

    [Fact]
    public async Task Retry_brings_dead_letters_back_by_their_data_into_another_queue()
    {
        var other = new Work(place, client);
        pipeline.Host.Scripts[work.Queue] = static _ => new(TaskOutcome.Rejected("broken", "It broke."));
        pipeline.Host.Scripts[other.Queue] = static _ => new(TaskOutcome.Succeeded());
        await work.SubmitManyAsync(30, data: static n => $$"""{"customer": {"id": {{n % 3}} }, "note": "é\u00e9"}""");
        await work.UntilDoneAsync();

        var action = await OrderAsync($$$"""
            {"action": "retry", "filters": {"queue_name": "{{{work.Queue}}}", "data": {"customer": {"id": 1} } }, "queue_name": "{{{other.Queue}}}", "priority": "high"}
            """);

        Assert.Equal(10, Number(await UntilEndedAsync(action), "changed"));
        await place.UntilAsync("(SELECT count(*) FROM finished_tasks WHERE queue_name = $1 AND priority = 8) = 10", other.Queue);
        Assert.Equal(20, await place.ScalarAsync<long>("SELECT count(*) FROM dead_letters WHERE queue_name = $1", work.Queue));
        await AssertCleanAsync();
    }

    [Fact]
    public async Task Replay_boost_move_and_delete_do_what_they_say()
    {
        var other = new Work(place, client);
        pipeline.Host.Scripts[work.Queue] = static _ => new(TaskOutcome.Succeeded());
        await work.SubmitManyAsync(5);
        await work.UntilDoneAsync();
        Assert.Equal(5, Number(await UntilEndedAsync(await OrderAsync($$"""{"action": "replay", "filters": {"queue_name": "{{work.Queue}}"} }""")), "changed"));
        await place.UntilAsync("(SELECT count(*) FROM finished_tasks WHERE queue_name = $1 AND replays = 1) = 5", work.Queue);

        await work.SubmitManyAsync(4, fields: "\"delay_seconds\": 3600");
        Assert.Equal(4, Number(await UntilEndedAsync(await OrderAsync($$"""{"action": "boost", "filters": {"queue_name": "{{work.Queue}}"} }""")), "changed"));
        Assert.Equal(0, Number(await UntilEndedAsync(await OrderAsync($$"""{"action": "boost", "filters": {"queue_name": "{{work.Queue}}"} }""")), "changed"));
        Assert.Equal(4, Number(await UntilEndedAsync(await OrderAsync(
            $$"""{"action": "move", "filters": {"queue_name": "{{work.Queue}}"}, "queue_name": "{{other.Queue}}"}""")), "changed"));
        Assert.Equal(4, await place.ScalarAsync<long>("SELECT count(*) FROM tasks WHERE queue_name = $1 AND priority = 10", other.Queue));

        pipeline.Host.Scripts[work.Queue] = static _ => new(TaskOutcome.Rejected("broken", "It broke."));
        await work.SubmitManyAsync(3);
        await place.UntilAsync("(SELECT count(*) FROM dead_letters WHERE queue_name = $1) = 3", work.Queue);
        Assert.Equal(3, Number(await UntilEndedAsync(await OrderAsync($$"""{"action": "delete", "filters": {"queue_name": "{{work.Queue}}"} }""")), "changed"));
        Assert.Equal(0, await place.ScalarAsync<long>("SELECT count(*) FROM dead_letters WHERE queue_name = $1", work.Queue));
        await AssertCleanAsync();
    }

    [Fact]
    public async Task A_dry_run_counts_and_does_nothing()
    {
        await work.SubmitManyAsync(25, fields: "\"delay_seconds\": 3600, \"tags\": [\"night\"]");

        var (status, count) = await PostAsync("api/v1/search/tasks/bulk-action",
            $$"""{"action": "cancel", "filters": {"queue_name": "{{work.Queue}}", "tag": "night"}, "dry_run": true}""");

        Assert.Equal((HttpStatusCode.OK, 25, true), (status, Number(count, "matched"), count.GetProperty("complete").GetBoolean()));
        Assert.Equal(10, count.GetProperty("sample").GetArrayLength());
        Assert.Equal(25, await place.ScalarAsync<long>("SELECT count(*) FROM tasks WHERE queue_name = $1", work.Queue));
    }

    [Fact]
    public async Task An_abort_ends_it_between_two_chunks()
    {
        await place.ExecuteAsync("INSERT INTO queues (name, paused) VALUES ('millrace', true) ON CONFLICT (name) DO UPDATE SET paused = true");
        await work.SubmitManyAsync(3, fields: "\"delay_seconds\": 3600");
        var action = await OrderAsync($$"""{"action": "cancel", "filters": {"queue_name": "{{work.Queue}}"} }""");

        var (status, aborted) = await PostAsync($"api/v1/bulk-actions/{Text(action, "id")}/abort", string.Empty);

        await place.ExecuteAsync("UPDATE queues SET paused = false WHERE name = 'millrace'");
        Assert.Equal((HttpStatusCode.OK, "aborted"), (status, Text(aborted, "status")));
        Assert.Equal(3, await place.ScalarAsync<long>("SELECT count(*) FROM tasks WHERE queue_name = $1", work.Queue));
    }

    [Theory]
    [InlineData("""{"action": "cancel", "filters": {}}""", "filters")]
    [InlineData("""{"action": "cancel"}""", "filters")]
    [InlineData("""{"action": "explode", "filters": {"type": "x"}}""", "action")]
    [InlineData("""{"filters": {"type": "x"}}""", "action")]
    [InlineData("""{"action": "cancel", "filters": {"typ": "x"}}""", "typ")]
    [InlineData("""{"action": "cancel", "filters": {"status": "lost"}}""", "status")]
    [InlineData("""{"action": "cancel", "filters": {"type": ["x"]}}""", "type")]
    [InlineData("""{"action": "cancel", "filters": {"type": "x"}, "priority": 3}""", "priority")]
    [InlineData("""{"action": "move", "filters": {"type": "x"}}""", "queue_name")]
    [InlineData("""{"action": "boost", "filters": {"type": "x"}, "canary": 3}""", "canary")]
    [InlineData("""{"action": "retry", "filters": {"type": "x"}, "canary": 0}""", "canary")]
    [InlineData("""{"action": "cancel", "filters": {"type": "x"}, "confirm": 3}""", "confirm")]
    [InlineData("""{"action": "cancel", "filters": {"type": "x", "data": {"a.b": 1}}}""", "data.a.b")]
    [InlineData("""{"action": "cancel", "filters": {"type": "x", "data": {"a": {}}}}""", "data.a")]
    [InlineData("""{"action": "cancel", "filters": {"type": "x", "data": {}}}""", "data")]
    [InlineData("""{"action": "cancel", "filters": {"type": "x", "data": {"a": [1]}}}""", "data.a")]
    [InlineData("""{"action": "cancel", "filters": {"type": "x", "data": {"a": null}}}""", "data.a")]
    [InlineData("""{"action": "cancel", "action": "cancel", "filters": {"type": "x"}}""", "action")]
    public async Task An_order_with_a_fault_does_nothing_and_says_which(string order, string field)
    {
        var (status, problem) = await PostAsync("api/v1/search/tasks/bulk-action", order);

        Assert.Equal((HttpStatusCode.BadRequest, "urn:millrace:problem:invalid-bulk-action"), (status, Text(problem, "type")));
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.GetRawText());
    }

    [Fact]
    public async Task Nobody_submits_a_bulk_action_as_a_task()
    {
        var (status, problem) = await PostAsync("api/v1/tasks", """{"type": "millrace.bulk_action", "data": {"action": "cancel", "all": true}}""");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.True(problem.GetProperty("errors").TryGetProperty("type", out _));
    }

    [Fact]
    public async Task Nobody_changes_what_a_bulk_action_does()
    {
        var action = await OrderAsync($$"""{"action": "cancel", "filters": {"queue_name": "{{work.Queue}}"} }""");
        var task = $"api/v1/tasks/{Text(await UntilEndedAsync(action), "id")}";

        var (status, problem) = await PostAsync(task + "/replay", """{"data": 5}""");
        using var edited = await client.PatchAsync(
            new Uri(task, UriKind.Relative), new StringContent("""{"data": 5}""", System.Text.Encoding.UTF8, "application/json"), Place.Cancellation);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (status, edited.StatusCode));
        Assert.True(problem.GetProperty("errors").TryGetProperty("data", out _), problem.GetRawText());
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync(task + "/replay", string.Empty)).Status);
        Assert.Equal("done", Text(await UntilEndedAsync(action), "status"));
    }

    [Fact]
    public async Task A_queue_is_cleared_when_the_number_of_its_tasks_is_confirmed()
    {
        await work.SubmitManyAsync(6, fields: "\"delay_seconds\": 3600");
        var (_, count) = await PostAsync($"api/v1/queues/{work.Queue}/clear", string.Empty);
        Assert.Equal(6, Number(count, "confirm"));
        Assert.Equal(HttpStatusCode.Conflict, (await PostAsync($"api/v1/queues/{work.Queue}/clear", """{"confirm": 5}""")).Status);

        var (status, action) = await PostAsync($"api/v1/queues/{work.Queue}/clear", """{"confirm": 7}""");

        // One has ended since they were counted, as it were.
        Assert.Equal(HttpStatusCode.Accepted, status);
        Assert.Equal(6, Number(await UntilEndedAsync(action), "changed"));
        Assert.Equal(6, await place.ScalarAsync<long>("SELECT count(*) FROM finished_tasks WHERE queue_name = $1 AND outcome = 'cancelled'", work.Queue));
    }

    [Fact]
    public async Task What_comes_after_the_order_is_not_meant()
    {
        await work.SubmitManyAsync(3, fields: "\"delay_seconds\": 3600");
        await PostAsync("api/v1/queues/millrace/pause", string.Empty);
        var action = await OrderAsync($$"""{"action": "cancel", "filters": {"queue_name": "{{work.Queue}}"} }""");
        await work.SubmitManyAsync(5, fields: "\"delay_seconds\": 3600");
        await PostAsync("api/v1/queues/millrace/resume", string.Empty);

        Assert.Equal(3, Number(await UntilEndedAsync(action), "changed"));
        Assert.Equal(5, await place.ScalarAsync<long>("SELECT count(*) FROM tasks WHERE queue_name = $1", work.Queue));
    }

    private async Task<JsonElement> OrderAsync(string order)
    {
        var (status, action) = await PostAsync("api/v1/search/tasks/bulk-action", order);
        Assert.True(status == HttpStatusCode.Accepted, action.GetRawText());
        return action;
    }

    private async Task<JsonElement> UntilEndedAsync(JsonElement action)
    {
        await place.UntilAsync("NOT EXISTS (SELECT FROM tasks WHERE id = $1)", action.GetProperty("id").GetGuid());
        return JsonElement.Parse(await client.GetStringAsync($"api/v1/bulk-actions/{Text(action, "id")}", Place.Cancellation));
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string url, string body)
    {
        using var answer = await Work.PostAsync(client, url, body);
        var text = await answer.Content.ReadAsStringAsync(Place.Cancellation);
        return (answer.StatusCode, JsonElement.Parse(text.Length == 0 ? "null" : text));
    }

    private async Task AssertCleanAsync()
    {
        var ledger = JsonElement.Parse(await client.GetStringAsync("api/v1/verify", Place.Cancellation));
        var mine = ledger.GetProperty("queues").EnumerateArray().Single(q => q.GetProperty("queue_name").GetString() == work.Queue);
        Assert.True(mine.GetProperty("clean").GetBoolean(), ledger.GetRawText());
    }

    private static string Text(JsonElement view, string name) => view.GetProperty(name).GetString()!;

    private static long Number(JsonElement view, string name) => view.GetProperty(name).GetInt64();
}
