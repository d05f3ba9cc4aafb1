using System.Net;
using System.Text.Json;
using Millrace.Lifecycle;
using Millrace.Tests.Pipeline;
using Millrace.Tests.Support;

namespace Millrace.Tests.Manage;

/// <summary>Failures that have the same cause are one group, and can be replayed as one.</summary>
public sealed class FailureTests(PipelineFixture pipeline) : IClassFixture<PipelineFixture>
{
    private readonly Place place = pipeline.Place;
    private readonly HttpClient client = pipeline.Host.Client;
    private readonly Work work = new(pipeline.Place, pipeline.Host.Client);

    [Fact]
    public async Task Messages_that_differ_in_numbers_ids_and_names_are_one_failure()
    {
        var error = $"e{Guid.CreateVersion7():N}";
        pipeline.Host.Scripts[work.Queue] = context => new(TaskOutcome.Rejected(
            error, $"Order {context.Id} of 'customer {context.AttemptNumber}' has {context.Data.Length} items at 0x{context.Id.Value:N}."));
        await work.SubmitManyAsync(12);
        await work.UntilDoneAsync();

        var group = Assert.Single(await GroupsAsync(), g => g.GetProperty("error_type").GetString() == error);

        Assert.Equal((12, 0), (group.GetProperty("dead").GetInt64(), group.GetProperty("retrying").GetInt64()));
        var listed = JsonElement.Parse(await client.GetStringAsync(
            $"api/v1/search/tasks?fingerprint={group.GetProperty("fingerprint").GetString()}&limit=50", Place.Cancellation));
        Assert.Equal(12, listed.GetProperty("count").GetInt32());
    }

    [Theory]
    [InlineData(true, "done", 20)]
    [InlineData(false, "stopped_by_canary", 3)]
    public async Task A_replay_tries_canaries_first(bool mended, string status, int changed)
    {
        var error = $"e{Guid.CreateVersion7():N}";
        pipeline.Host.Scripts[work.Queue] = _ => new(TaskOutcome.Rejected(error, "Down."));
        await work.SubmitManyAsync(20);
        await work.UntilDoneAsync();
        var group = Assert.Single(await GroupsAsync(), g => g.GetProperty("error_type").GetString() == error);
        pipeline.Host.Scripts[work.Queue] = _ => new(mended ? TaskOutcome.Succeeded() : TaskOutcome.Rejected(error, "Down."));

        using var answer = await Work.PostAsync(client, $"api/v1/failures/{group.GetProperty("fingerprint").GetString()}/replay", """{"canary": 3}""");
        var action = JsonElement.Parse(await answer.Content.ReadAsStringAsync(Place.Cancellation));

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        await place.UntilAsync("NOT EXISTS (SELECT FROM tasks WHERE id = $1)", action.GetProperty("id").GetGuid());
        var done = JsonElement.Parse(await client.GetStringAsync($"api/v1/bulk-actions/{action.GetProperty("id").GetString()}", Place.Cancellation));
        Assert.Equal((status, changed), (done.GetProperty("status").GetString(), done.GetProperty("changed").GetInt32()));
        Assert.Equal(3, done.GetProperty("canaries").GetArrayLength());
        await work.UntilDoneAsync();
        Assert.Equal(mended ? 20 : 0, await place.ScalarAsync<long>("SELECT count(*) FROM finished_tasks WHERE queue_name = $1", work.Queue));
    }

    [Fact]
    public async Task What_is_tried_again_is_counted_too()
    {
        var error = $"e{Guid.CreateVersion7():N}";
        pipeline.Host.Scripts[work.Queue] = _ => new(TaskOutcome.Failed(error, "Not now."));
        await work.SubmitManyAsync(4, fields: "\"retry_delay_seconds\": 3600");
        await place.UntilAsync("(SELECT count(*) FROM tasks WHERE queue_name = $1 AND attempts = 1) = 4", work.Queue);

        var group = Assert.Single(await GroupsAsync(), g => g.GetProperty("error_type").GetString() == error);

        Assert.Equal((0, 4), (group.GetProperty("dead").GetInt64(), group.GetProperty("retrying").GetInt64()));
    }

    [Fact]
    public async Task A_failure_that_there_is_not_is_not_found()
    {
        using var answer = await Work.PostAsync(client, "api/v1/failures/0123456789abcdef/replay", string.Empty);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private async Task<List<JsonElement>> GroupsAsync() =>
        [.. JsonElement.Parse(await client.GetStringAsync("api/v1/failures", Place.Cancellation)).GetProperty("failures").EnumerateArray()];
}
