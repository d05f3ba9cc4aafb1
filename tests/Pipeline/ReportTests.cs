using Microsoft.Extensions.Logging;
using Millrace.Lifecycle;
using Millrace.Tests.Support;

namespace Millrace.Tests.Pipeline;

/// <summary>What a handler says about its work while it does it.</summary>
public sealed class ReportTests(PipelineFixture pipeline) : IClassFixture<PipelineFixture>
{
    private readonly Work work = new(pipeline.Place, pipeline.Host.Client);

    [Fact]
    public async Task Progress_and_log_lines_are_kept_with_the_next_heartbeat_while_the_handler_runs()
    {
        var done = new TaskCompletionSource<TaskOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        pipeline.Host.Scripts[work.Queue] = context =>
        {
            context.Progress(40, "Almost half.");
            context.Log(LogLevel.Information, "Begun.");
            return new(done.Task);
        };
        var task = await work.SubmitAsync();

        await pipeline.Place.UntilAsync(
            "EXISTS (SELECT FROM tasks WHERE id = $1 AND (progress ->> 'percent')::float = 40 AND progress ->> 'message' = 'Almost half.')",
            TimeSpan.FromSeconds(10), task);
        await pipeline.Place.UntilAsync("EXISTS (SELECT FROM task_logs WHERE task_id = $1 AND message = 'Begun.' AND attempt = 1)", task);
        done.SetResult(TaskOutcome.Succeeded());
        await work.UntilFinishedAsync(task);
        Assert.Equal("40", await work.FinishedAsync<string>(task, "progress ->> 'percent'"));
    }

    [Fact]
    public async Task The_lines_of_every_attempt_are_kept_once_in_their_order()
    {
        pipeline.Host.Scripts[work.Queue] = context =>
        {
            context.Log(LogLevel.Information, $"one of {context.AttemptNumber}");
            context.Log(LogLevel.Warning, $"two of {context.AttemptNumber}");
            return new(context.AttemptNumber == 2 ? TaskOutcome.Succeeded() : TaskOutcome.Failed("x", "y"));
        };
        var task = await work.SubmitAsync(fields: "\"retry_delay_seconds\": 0.1");

        await work.UntilFinishedAsync(task);
        Assert.Equal("one of 1, two of 1, one of 2, two of 2", await pipeline.Place.ScalarAsync<string>(
            "SELECT string_agg(message, ', ' ORDER BY attempt, logged_at, message) FROM task_logs WHERE task_id = $1", task));
    }

    [Fact]
    public async Task A_host_that_stops_says_that_it_is_draining()
    {
        var done = new TaskCompletionSource<TaskOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var place = await Place.NewAsync();
        await using var host = await PipelineHost.StartAsync(
            place,
            new Dictionary<string, string> { ["Millrace__Execute__ShutdownGraceSeconds"] = "10" },
            new Scripts { [work.Queue] = _ => new(done.Task) });
        var queue = new Work(place, host.Client, work.Queue);
        await queue.UntilRunningAsync(await queue.SubmitAsync());
        await place.UntilAsync("EXISTS (SELECT FROM executors WHERE status = 'active')");

        var stopped = host.StopAsync();
        await place.UntilAsync("EXISTS (SELECT FROM executors WHERE status = 'draining')", TimeSpan.FromSeconds(5));
        done.SetResult(TaskOutcome.Succeeded());
        await stopped;
    }
}
