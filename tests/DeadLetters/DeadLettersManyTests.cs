using System.Net;
using System.Text.Json;
using Millrace.Lifecycle;
using Millrace.Tests.Pipeline;
using Millrace.Tests.Support;

namespace Millrace.Tests.DeadLetters;

/// <summary>Many dead letters at once: export, retry, purge.</summary>
public sealed class DeadLettersManyTests(PipelineFixture pipeline) : IClassFixture<PipelineFixture>
{
    private readonly Place place = pipeline.Place;
    private readonly HttpClient client = pipeline.Host.Client;
    private readonly Work work = new(pipeline.Place, pipeline.Host.Client);

    [Fact]
    public async Task An_export_has_every_dead_letter_whole()
    {
        await DieAsync(130);

        var lines = (await client.GetStringAsync($"dlq/export?queue_name={work.Queue}", Place.Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        var tasks = lines.Select(static line => JsonElement.Parse(line)).ToList();
        Assert.Equal(130, tasks.Select(static t => t.GetProperty("id").GetGuid()).Distinct().Count());
        Assert.All(tasks, static t => Assert.Equal("failed", t.GetProperty("attempts")[0].GetProperty("outcome").GetString()));
        Assert.Equal(Enumerable.Range(0, 130), tasks.Select(static t => t.GetProperty("data").GetInt32()).Order());
    }

    [Fact]
    public async Task A_purge_says_how_many_first_and_wants_that_number_back()
    {
        await DieAsync(9);
        var filters = $$"""{"queue_name": "{{work.Queue}}"}""";
        var (first, count) = await PostAsync("dlq/purge", $$"""{"filters": {{filters}}}""");
        Assert.Equal((HttpStatusCode.OK, 9), (first, count.GetProperty("confirm").GetInt64()));
        var (wrong, problem) = await PostAsync("dlq/purge", $$"""{"filters": {{filters}}, "confirm": 8}""");
        Assert.Equal((HttpStatusCode.Conflict, "urn:millrace:problem:not-confirmed"), (wrong, problem.GetProperty("type").GetString()));
        Assert.Equal(9, await place.ScalarAsync<long>("SELECT count(*) FROM dead_letters WHERE queue_name = $1", work.Queue));

        var (status, _) = await PostAsync("dlq/purge", $$"""{"filters": {{filters}}, "confirm": 9}""");

        Assert.Equal(HttpStatusCode.Accepted, status);
        await place.UntilAsync("NOT EXISTS (SELECT FROM dead_letters WHERE queue_name = $1)", work.Queue);
    }

    [Fact]
    public async Task A_retry_by_filter_brings_back_what_matches()
    {
        await DieAsync(5);
        pipeline.Host.Scripts[work.Queue] = static _ => new(TaskOutcome.Succeeded());

        var (status, _) = await PostAsync("api/v1/dlq/failed-tasks/retry", $$"""{"filters": {"queue_name": "{{work.Queue}}", "error_type": "broken"} }""");

        Assert.Equal(HttpStatusCode.Accepted, status);
        await place.UntilAsync("(SELECT count(*) FROM finished_tasks WHERE queue_name = $1) = 5", work.Queue);
    }

    [Theory]
    [InlineData("dlq/failed-tasks/retry", "{}")]
    [InlineData("dlq/purge", "{}")]
    public async Task Without_a_filter_nothing_is_done(string url, string body) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(url, body)).Status);

    private async Task DieAsync(int count)
    {
        pipeline.Host.Scripts[work.Queue] = static _ => new(TaskOutcome.Rejected("broken", "It broke."));
        await work.SubmitManyAsync(count);
        await work.UntilDoneAsync();
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string url, string body)
    {
        using var answer = await Work.PostAsync(client, url, body);
        var text = await answer.Content.ReadAsStringAsync(Place.Cancellation);
        return (answer.StatusCode, JsonElement.Parse(text));
    }
}
