using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Submit;
using Millrace.Tests.Support;

namespace Millrace.Tests.Pipeline;

/// <summary>A queue that has a maximum depth refuses what goes beyond it, in every form of submission, until there is room again.</summary>
public sealed class BackPressureTests(PipelineFixture pipeline) : IClassFixture<PipelineFixture>
{
    private const string Tasks = "api/v1/tasks";

    private readonly Work work = new(pipeline.Place, pipeline.Host.Client);

    [Fact]
    public async Task A_full_queue_answers_429_and_when_to_come_back_and_the_others_do_not()
    {
        await BoundAsync(2);
        Assert.Equal(HttpStatusCode.Accepted, (await SendAsync(Body())).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await SendAsync(Body())).Status);

        using var full = await Work.PostAsync(pipeline.Host.Client, Tasks, Body());
        var problem = JsonSerializer.Deserialize<JsonElement>(await full.Content.ReadAsStringAsync(Place.Cancellation));
        var (other, _) = await SendAsync(Body(queue: work.Queue + "-other"));

        Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(10)), (full.StatusCode, full.Headers.RetryAfter?.Delta));
        Assert.Equal("urn:millrace:problem:queue-full", problem.GetProperty("type").GetString());
        Assert.Equal(HttpStatusCode.Accepted, other);
        Assert.Equal(2, await WaitingAsync());
    }

    [Fact]
    public async Task Items_beyond_the_maximum_are_refused_and_an_atomic_array_is_refused_whole()
    {
        await BoundAsync(2);
        var array = $"[{Body()}, {Body()}, {Body()}]";
        using var whole = await Work.PostAsync(pipeline.Host.Client, Tasks + "?atomic=true", array);
        var problem = JsonSerializer.Deserialize<JsonElement>(await whole.Content.ReadAsStringAsync(Place.Cancellation));
        var (status, body) = await SendAsync(array);

        Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(10)), (whole.StatusCode, whole.Headers.RetryAfter?.Delta));
        Assert.True(problem.GetProperty("errors").TryGetProperty("[2].queue_name", out _));
        Assert.Equal((HttpStatusCode.MultiStatus, "202 202 429"), (status, Statuses(body)));
        Assert.Equal(2, await WaitingAsync());
    }

    [Fact]
    public async Task Lines_beyond_the_maximum_are_refused_by_number()
    {
        await BoundAsync(2);
        var (status, body) = await SendAsync($"{Body()}\n{Body(queue: work.Queue + "-other")}\n{Body()}\n{Body()}\n", "api/v1/tasks/bulk", "application/x-ndjson");

        Assert.Equal((HttpStatusCode.OK, 3, 1), (status, body.GetProperty("accepted").GetInt32(), body.GetProperty("refused_count").GetInt32()));
        var refused = body.GetProperty("refused")[0];
        Assert.Equal((4, true), (refused.GetProperty("line").GetInt32(), refused.GetProperty("errors").TryGetProperty("queue_name", out _)));
    }

    [Fact]
    public async Task What_was_accepted_before_is_told_so_even_when_there_is_no_room()
    {
        await BoundAsync(2);
        var array = $"[{Body("1", "a")}, {Body("2", "b")}]";
        await SendAsync(array);

        var (single, original) = await SendAsync(Body("1", "a"));
        var (other, _) = await SendAsync(Body("3", "a"));
        var (fresh, _) = await SendAsync(Body("1", "c"));
        var (_, again) = await SendAsync(array);
        var (_, stream) = await SendAsync($"{Body("1", "a")}\n{Body("9")}\n{Body("2", "b")}", "api/v1/tasks/bulk", "application/x-ndjson");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Conflict, HttpStatusCode.TooManyRequests), (single, other, fresh));
        Assert.Equal(work.Queue + "a", original.GetProperty("external_id").GetString());
        Assert.Equal("200 200", Statuses(again));
        Assert.Equal((0, 2, 1), (stream.GetProperty("accepted").GetInt32(), stream.GetProperty("duplicates").GetInt32(), stream.GetProperty("refused_count").GetInt32()));
    }

    [Fact]
    public async Task There_is_room_again_when_the_work_is_done()
    {
        await BoundAsync(1);
        await SendAsync(Body());
        Assert.Equal(HttpStatusCode.TooManyRequests, (await SendAsync(Body())).Status);

        await pipeline.Place.ExecuteAsync("UPDATE queues SET paused = false WHERE name = $1", work.Queue);
        await work.UntilDoneAsync();
        await UntilAsync(async () => (await SendAsync(Body())).Status == HttpStatusCode.Accepted);
    }

    private string Body(string data = "1", string? externalId = null, string? queue = null) =>
        $$"""{"type": "process", "queue_name": "{{queue ?? work.Queue}}", "data": {{data}}{{(externalId is null ? "" : $", \"external_id\": \"{work.Queue}{externalId}\"")}}}""";

    /// <summary>Paused, so that what is accepted waits; known to the host when this returns.</summary>
    private async Task BoundAsync(int maxDepth)
    {
        await pipeline.Place.ExecuteAsync("INSERT INTO queues (name, paused, max_depth) VALUES ($1, true, $2)", work.Queue, maxDepth);
        var room = pipeline.Host.Services.GetRequiredService<QueueRoom>();
        await UntilAsync(async () =>
        {
            await room.RefreshAsync(Place.Cancellation);
            return room.MaxDepth(work.Queue) == maxDepth;
        });
    }

    /// <summary>Depths are up to a second old: the host is asked until it has looked again.</summary>
    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30), "Not within 30 s.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Place.Cancellation);
        }
    }

    private Task<long> WaitingAsync() => pipeline.Place.ScalarAsync<long>("SELECT count(*) FROM tasks WHERE queue_name = $1", work.Queue);

    private static string Statuses(JsonElement body) =>
        string.Join(' ', body.GetProperty("items").EnumerateArray().Select(static item => item.GetProperty("status").GetInt32()));

    private async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(string body, string url = Tasks, string contentType = "application/json")
    {
        using var answer = await Work.PostAsync(pipeline.Host.Client, url, Encoding.UTF8.GetBytes(body), contentType);
        return (answer.StatusCode, JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync(Place.Cancellation)));
    }
}
