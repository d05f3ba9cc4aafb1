using System.Net;
using System.Text.Json;
using Millrace.Lifecycle;
using Millrace.Tests.Pipeline;
using Millrace.Tests.Support;

namespace Millrace.Tests.Inspect;

/// <summary>What can be looked for, and that paging finds everything once.</summary>
public sealed class SearchTests(PipelineFixture pipeline) : IClassFixture<PipelineFixture>
{
    private readonly Place place = pipeline.Place;
    private readonly HttpClient client = pipeline.Host.Client;
    private readonly Work work = new(pipeline.Place, pipeline.Host.Client);

    [Theory]
    [InlineData("priority=7", 2)]
    [InlineData("priority=high", 0)]
    [InlineData("tag=eu", 2)]
    [InlineData("data.customer.name=Zo%C3%AB", 1)]
    [InlineData("data.customer.id=42", 2)]
    [InlineData("data.customer.id=42&tag=eu", 1)]
    [InlineData("data.items.0=a", 1)]
    [InlineData("data.missing=1", 0)]
    [InlineData("status=waiting", 4)]
    [InlineData("status=SCHEDULED&type=scripted", 4)]
    [InlineData("created_after=2026-01-01T00:00:00Z", 4)]
    [InlineData("created_after=2026-01-01T00:00:00%2B01:00", 4)]
    [InlineData("created_before=2026-01-01T00:00:00Z", 0)]
    [InlineData("q=nothing", 0)]
    public async Task Waiting_tasks_are_found_by(string query, int count)
    {
        await work.SubmitAsync("""{"customer": {"id": 42, "name": "Zo\u00eb"}}""", "\"delay_seconds\": 900, \"tags\": [\"eu\", \"x\"]");
        await work.SubmitAsync("""{"customer": {"id": "42"}, "odd": "\u0000 \ud800"}""", "\"delay_seconds\": 900, \"priority\": 7");
        await work.SubmitAsync("""{"items": ["a", "b"]}""", "\"delay_seconds\": 900, \"tags\": [\"eu\"]");
        await work.SubmitAsync("null", "\"delay_seconds\": 900, \"priority\": 7");

        Assert.Equal(count, (await PageAsync($"api/v1/search/tasks?queue_name={work.Queue}&{query}")).GetProperty("count").GetInt32());
    }

    [Theory]
    [InlineData("q=Disk+FULL", 3)]
    [InlineData("q=io_error", 3)]
    [InlineData("error_type=io_error", 3)]
    [InlineData("error_type=other", 0)]
    [InlineData("status=failed&q=disk", 3)]
    [InlineData("status=succeeded&q=disk", 0)]
    public async Task Dead_letters_are_found_by(string query, int count)
    {
        pipeline.Host.Scripts[work.Queue] = static _ => new(TaskOutcome.Rejected("io_error", "The disk full condition stays."));
        await work.SubmitManyAsync(3);
        await work.UntilDoneAsync();

        Assert.Equal(count, (await PageAsync($"api/v1/search/tasks?queue_name={work.Queue}&{query}")).GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task A_task_is_found_by_its_external_id_wherever_it_is()
    {
        pipeline.Host.Scripts[work.Queue] = static _ => new(TaskOutcome.Succeeded());
        var id = await work.SubmitAsync(fields: $"\"external_id\": \"{work.Queue}-1\"");
        await work.UntilFinishedAsync(id);

        var page = await PageAsync($"api/v1/tasks?external_id={work.Queue}-1");

        Assert.Equal(id, Assert.Single(page.GetProperty("tasks").EnumerateArray()).GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task Pages_that_are_read_one_by_one_find_everything_once_in_all_places()
    {
        pipeline.Host.Scripts[work.Queue] = static context => new(
            context.Data.Span[0] is (byte)'1' ? TaskOutcome.Rejected("broken", "It broke.") : TaskOutcome.Succeeded());
        await work.SubmitManyAsync(900, fields: "\"tags\": [\"wanted\"]");
        await work.UntilDoneAsync();
        await work.SubmitManyAsync(300, fields: "\"tags\": [\"wanted\"], \"delay_seconds\": 900");
        await work.SubmitManyAsync(300, fields: "\"delay_seconds\": 900");

        List<Guid> found = [];
        for (var cursor = string.Empty; cursor is not null;)
        {
            var page = await PageAsync($"api/v1/search/tasks?queue_name={work.Queue}&tag=wanted&limit=70{cursor}");
            found.AddRange(page.GetProperty("tasks").EnumerateArray().Select(static t => t.GetProperty("id").GetGuid()));
            cursor = page.TryGetProperty("next_cursor", out var next) ? $"&cursor={next.GetString()}" : null;
            Assert.True(found.Count <= 1_200);
        }

        Assert.Equal(1_200, found.Distinct().Count());
        Assert.Equal(1_200, found.Count);
        var skipped = await PageAsync($"api/v1/search/tasks?queue_name={work.Queue}&tag=wanted&limit=70&skip=1150");
        Assert.Equal(50, skipped.GetProperty("count").GetInt32());
        Assert.Equal(found[1150], skipped.GetProperty("tasks")[0].GetProperty("id").GetGuid());
    }

    [Theory]
    [InlineData("status=lost", "status")]
    [InlineData("priority=11", "priority")]
    [InlineData("created_after=yesterday", "created_after")]
    [InlineData("created_after=2026-01-01", "created_after")]
    [InlineData("data.=1", "data.")]
    [InlineData("q=", "q")]
    [InlineData("q=%00", "q")]
    [InlineData("tag=a&tag=b", "tag")]
    [InlineData("colour=red", "colour")]
    [InlineData("limit=0", "limit")]
    [InlineData("cursor=x", "cursor")]
    public async Task What_cannot_be_looked_for_is_refused(string query, string field)
    {
        using var answer = await client.GetAsync($"api/v1/search/tasks?{query}", Place.Cancellation);
        var problem = JsonElement.Parse(await answer.Content.ReadAsStringAsync(Place.Cancellation));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.GetRawText());
    }

    [Fact]
    public async Task Each_preset_shows_what_its_name_says()
    {
        var gate = new TaskCompletionSource<TaskOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        var (other, late) = (new Work(place, client), new Work(place, client));
        pipeline.Host.Scripts[work.Queue] = context => context.Data.Span[0] switch
        {
            (byte)'0' => new(TaskOutcome.Rejected("broken", "It broke.")),
            (byte)'1' => new(TaskOutcome.Failed("broken", "It broke.")),
            _ => new(gate.Task),
        };
        await place.ExecuteAsync($"INSERT INTO queues (name, paused) VALUES ('{late.Queue}', true)");
        var pending = await late.SubmitAsync();
        await work.SubmitManyAsync(3, fields: "\"retry_delay_seconds\": 900");
        await place.UntilAsync("(SELECT count(*) FROM dead_letters WHERE queue_name = $1) = 1 AND EXISTS (SELECT FROM tasks WHERE queue_name = $1 AND attempts = 1)", work.Queue);
        var running = await place.ScalarAsync<Guid>("SELECT t.id FROM tasks t, claim_of(t.queue_name, t.due_at, t.id) WHERE t.queue_name = $1", work.Queue);

        Assert.Contains(await place.ScalarAsync<Guid>("SELECT id FROM dead_letters WHERE queue_name = $1", work.Queue), await PresetAsync("failed_recently"));
        Assert.Contains(await place.ScalarAsync<Guid>("SELECT id FROM tasks WHERE queue_name = $1 AND attempts = 1", work.Queue), await PresetAsync("retrying"));
        Assert.Contains(pending, await PresetAsync("oldest_pending"));
        Assert.Contains(running, await PresetAsync("long_running"));
        Assert.DoesNotContain(running, await PresetAsync("stuck_tasks"));
        await place.ExecuteAsync("UPDATE tickets SET started_at = now() - interval '2 hours' WHERE queue_name = $1", work.Queue);
        await place.ExecuteAsync("UPDATE tasks SET due_at = now() - interval '2 hours' WHERE id = $1", running);
        Assert.Contains(running, await PresetAsync("stuck_tasks"));
        gate.SetResult(TaskOutcome.Succeeded());
        using var unknown = await client.GetAsync("api/v1/search/presets/everything", Place.Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    private async Task<List<Guid>> PresetAsync(string name) =>
        [.. (await PageAsync($"api/v1/search/presets/{name}?limit=1000")).GetProperty("tasks").EnumerateArray().Select(static t => t.GetProperty("id").GetGuid())];

    private async Task<JsonElement> PageAsync(string url)
    {
        using var answer = await client.GetAsync(url, Place.Cancellation);
        var body = await answer.Content.ReadAsStringAsync(Place.Cancellation);
        Assert.True(answer.IsSuccessStatusCode, body);
        return JsonElement.Parse(body);
    }
}
