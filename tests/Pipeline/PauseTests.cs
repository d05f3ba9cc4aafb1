using System.Net;
using System.Text.Json;
using Millrace.Lifecycle;
using Millrace.Tests.Support;

namespace Millrace.Tests.Pipeline;

/// <summary>Queues, results, logs and reasons over HTTP, while the pipeline runs.</summary>
public sealed class PauseTests(PipelineFixture pipeline) : IClassFixture<PipelineFixture>
{
    private readonly Work work = new(pipeline.Place, pipeline.Host.Client);

    [Fact]
    public async Task A_paused_queue_starts_nothing_even_with_a_hungry_executor_and_goes_on_at_once()
    {
        pipeline.Host.Scripts[work.Queue] = static _ => new(TaskOutcome.Succeeded());
        await work.UntilFinishedAsync(await work.SubmitAsync());
        await PostAsync("pause");
        var task = await work.SubmitAsync();

        // Hungry executors give up within a second or two; two whole passes of the dispatcher find the task after that.
        await pipeline.Place.UntilAsync("NOT EXISTS (SELECT FROM tickets WHERE queue_name = $1)", work.Queue);
        var since = await pipeline.Place.ScalarAsync<DateTime>("SELECT now()");
        await pipeline.Place.UntilAsync("last_run > $1::timestamptz + interval '2 seconds' FROM passes WHERE stage = 'dispatch'", since);
        Assert.Equal("pending", await pipeline.Place.ScalarAsync<string>("SELECT state::text FROM tasks WHERE id = $1", task));
        var why = await GetAsync($"api/v1/tasks/{task}/explain");
        Assert.Equal("queue_paused", why.GetProperty("reasons")[0].GetProperty("code").GetString());

        var result = pipeline.Host.Client.GetAsync($"api/v1/tasks/{task}/result?wait=30s", Place.Cancellation);
        await PostAsync("resume");
        using var answer = await result;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_result_that_is_waited_for_comes_when_the_handler_is_done_and_its_lines_are_kept()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        pipeline.Host.Scripts[work.Queue] = async context =>
        {
            context.Log(Microsoft.Extensions.Logging.LogLevel.Warning, "half way");
            await go.Task;
            return TaskOutcome.SucceededWithJson("{\"done\": true}"u8.ToArray());
        };
        var task = await work.SubmitAsync();
        await work.UntilRunningAsync(task);
        Assert.Contains("running", (await GetAsync($"api/v1/tasks/{task}/explain")).ToString(), StringComparison.Ordinal);
        var waiting = pipeline.Host.Client.GetAsync($"api/v1/tasks/{task}/result?wait=30s", Place.Cancellation);
        go.SetResult();

        using var answer = await waiting;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await pipeline.Place.UntilAsync("EXISTS (SELECT FROM task_logs WHERE task_id = $1)", task);
        var lines = (await GetAsync($"api/v1/tasks/{task}/logs")).GetProperty("lines");
        Assert.Equal("half way", lines[0].GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("api/v1/queues")]
    [InlineData("api/v1/analytics/trends")]
    [InlineData("api/v1/health/redis")]
    [InlineData("api/v1/health/storage")]
    public async Task The_routes_answer(string route) => Assert.Equal(JsonValueKind.Object, (await GetAsync(route)).ValueKind);

    private async Task PostAsync(string verb)
    {
        using var answer = await Work.PostAsync(pipeline.Host.Client, $"api/v1/queues/{work.Queue}/{verb}", string.Empty);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private async Task<JsonElement> GetAsync(string route)
    {
        using var answer = await pipeline.Host.Client.GetAsync(route, Place.Cancellation);
        var body = await answer.Content.ReadAsStringAsync(Place.Cancellation);
        Assert.True(answer.IsSuccessStatusCode, body);
        using var document = JsonDocument.Parse(body);
        return document.RootElement.Clone();
    }
}
