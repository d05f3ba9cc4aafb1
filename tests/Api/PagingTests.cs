using System.Text.Json;
using Microsoft.Extensions.Logging;
using Millrace.Lifecycle;
using Millrace.Tests.Pipeline;
using Millrace.Tests.Support;

namespace Millrace.Tests.Api;

/// <summary>Whoever follows a cursor to the end, while others write, sees all that was there from the start, each once.</summary>
public sealed class PagingTests(PipelineFixture pipeline) : IClassFixture<PipelineFixture>
{
    private readonly Place place = pipeline.Place;
    private readonly Work work = new(pipeline.Place, pipeline.Host.Client);

    [Theory]
    [InlineData("api/v1/tasks")]
    [InlineData("api/v1/search/tasks")]
    public async Task Tasks_that_come_and_move_meanwhile_leave_no_gap_and_no_double(string url)
    {
        pipeline.Host.Scripts[work.Queue] = static _ => new(TaskOutcome.Succeeded());
        await work.SubmitManyAsync(200, fields: "\"delay_seconds\": 3600");
        await work.SubmitManyAsync(200);
        var there = await place.ScalarAsync<Guid[]>(
            "SELECT array_agg(id) FROM (SELECT id FROM tasks WHERE queue_name = $1 UNION SELECT id FROM finished_tasks WHERE queue_name = $1) AS a", work.Queue);

        var seen = await ReadToEndAsync($"{url}?queue_name={work.Queue}&limit=23", "tasks", Id, () => work.SubmitManyAsync(10));

        AssertEachOnce(there.Select(static id => id.ToString()), seen);
    }

    [Fact]
    public async Task A_search_that_reads_the_data_leaves_no_gap_and_no_double()
    {
        await work.SubmitManyAsync(200, fields: "\"delay_seconds\": 3600", data: static n => $$"""{"kind": {{n % 2}} }""");
        var there = await place.ScalarAsync<Guid[]>("SELECT array_agg(id) FROM tasks WHERE queue_name = $1 AND data ->> 'kind' = '1'", work.Queue);

        var seen = await ReadToEndAsync(
            $"api/v1/search/tasks?queue_name={work.Queue}&data.kind=1&limit=7", "tasks", Id,
            () => work.SubmitManyAsync(10, fields: "\"delay_seconds\": 3600", data: static n => $$"""{"kind": {{n % 2}} }"""));

        AssertEachOnce(there.Select(static id => id.ToString()), seen);
    }

    [Fact]
    public async Task Dead_letters_that_come_meanwhile_leave_no_gap_and_no_double()
    {
        pipeline.Host.Scripts[work.Queue] = static _ => new(TaskOutcome.Rejected("broken", "It broke."));
        await work.SubmitManyAsync(200);
        await work.UntilDoneAsync();
        var there = await place.ScalarAsync<Guid[]>("SELECT array_agg(id) FROM dead_letters WHERE queue_name = $1", work.Queue);

        var seen = await ReadToEndAsync($"dlq/failed-tasks?queue_name={work.Queue}&limit=13", "tasks", Id, () => work.SubmitManyAsync(10));

        AssertEachOnce(there.Select(static id => id.ToString()), seen);
    }

    [Fact]
    public async Task Lines_that_are_logged_meanwhile_leave_no_gap_and_no_double()
    {
        using var pages = new SemaphoreSlim(0);
        pipeline.Host.Scripts[work.Queue] = async context =>
        {
            for (var n = 0; n < 500; n++)
            {
                if (n >= 300)
                {
                    await pages.WaitAsync(context.Cancellation);
                }

                context.Log(LogLevel.Information, $"{n}");
            }

            return TaskOutcome.Succeeded();
        };
        var id = await work.SubmitAsync();
        await place.UntilAsync("count(*) = 300 FROM task_logs WHERE task_id = $1", id);

        var seen = await ReadToEndAsync($"api/v1/tasks/{id}/logs?limit=17", "lines", static line => line.GetProperty("message").GetString()!, () =>
        {
            pages.Release(10);
            return Task.CompletedTask;
        });
        pages.Release(500);
        await work.UntilDoneAsync();

        Assert.True(seen.Count >= 300, $"Only {seen.Count} lines.");
        Assert.Equal(Enumerable.Range(0, seen.Count).Select(static n => $"{n}"), seen);
    }

    private static string Id(JsonElement task) => task.GetProperty("id").GetString()!;

    private static void AssertEachOnce(IEnumerable<string> there, List<string> seen)
    {
        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.Empty(there.Except(seen));
    }

    /// <summary>A page may be short and still have a cursor.</summary>
    private async Task<List<string>> ReadToEndAsync(string url, string list, Func<JsonElement, string> name, Func<Task> betweenPages)
    {
        List<string> seen = [];
        var cursor = string.Empty;
        while (true)
        {
            var page = JsonElement.Parse(await pipeline.Host.Client.GetStringAsync(url + cursor, Place.Cancellation));
            seen.AddRange(page.GetProperty(list).EnumerateArray().Select(name));
            if (!page.TryGetProperty("next_cursor", out var next))
            {
                return seen;
            }

            cursor = $"&cursor={Uri.EscapeDataString(next.GetString()!)}";
            await betweenPages();
        }
    }
}
