using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Millrace.Client;
using Millrace.Lifecycle;
using Millrace.Tests.Pipeline;
using Millrace.Tests.Support;

namespace Millrace.Tests.Client;

/// <summary>One task, followed and changed by the client, in the whole app.</summary>
public sealed class ChangeTests(PipelineFixture pipeline) : IClassFixture<PipelineFixture>
{
    private readonly Work work = new(pipeline.Place, pipeline.Host.Client);
    private readonly MillraceClient client = HostClient.Of(pipeline);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private NewTask Later => new() { Type = "echo", QueueName = work.Queue, Delay = TimeSpan.FromHours(1), Priority = 4 };

    [Fact]
    public async Task A_result_is_waited_for_and_not_longer_than_was_said()
    {
        var gate = new TaskCompletionSource<TaskOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        pipeline.Host.Scripts[work.Queue] = _ => new(gate.Task);
        var task = await client.SubmitAsync(new NewTask { Type = "scripted", QueueName = work.Queue }, cancellation: Cancellation);

        Assert.False((await client.WaitAsync(task.Id, TimeSpan.FromSeconds(1), Cancellation)).HasEnded);
        var waiting = client.WaitAsync(task.Id, TimeSpan.FromMinutes(1), Cancellation);
        gate.SetResult(TaskOutcome.SucceededWithJson("42"u8.ToArray()));

        Assert.Equal((TaskStates.Succeeded, 42), ((await waiting).Status, (await waiting).Result!.Value.GetInt32()));
        Assert.NotNull((await waiting).FinishedAt);
        var refusal = await Assert.ThrowsAsync<MillraceException>(() => client.WaitAsync(Guid.CreateVersion7(), TimeSpan.FromSeconds(1), Cancellation));
        Assert.Equal("task-not-found", refusal.Problem?.Slug);
    }

    [Fact]
    public async Task How_a_task_failed_is_a_result_too()
    {
        pipeline.Host.Scripts[work.Queue] = static _ => new(TaskOutcome.Rejected("no_good", "It is not good."));
        var task = await client.SubmitAsync(new NewTask { Type = "scripted", QueueName = work.Queue }, cancellation: Cancellation);

        var result = await client.WaitAsync(task.Id, TimeSpan.FromSeconds(30), Cancellation);

        Assert.Equal((TaskStates.Failed, "no_good", "It is not good."), (result.Status, result.ErrorType, result.ErrorMessage));
    }

    [Fact]
    public async Task Logs_are_read_over_all_pages_and_by_level()
    {
        pipeline.Host.Scripts[work.Queue] = static context =>
        {
            for (var n = 0; n < 600; n++)
            {
                context.Log(n == 3 ? LogLevel.Warning : LogLevel.Information, $"line {n}");
            }

            return new(TaskOutcome.Succeeded());
        };
        var task = await client.SubmitAsync(new NewTask { Type = "scripted", QueueName = work.Queue }, cancellation: Cancellation);
        await work.UntilFinishedAsync(task.Id);
        await client.ReplayAsync(task.Id, cancellation: Cancellation);
        await pipeline.Place.UntilAsync("(SELECT count(*) FROM task_logs WHERE task_id = $1) = 1200", task.Id);

        var lines = await client.ReadLogsAsync(task.Id, cancellation: Cancellation).ToListAsync(Cancellation);
        var warnings = await client.ReadLogsAsync(task.Id, "warning", Cancellation).ToListAsync(Cancellation);

        Assert.Equal(Enumerable.Range(0, 1_200).Select(static n => $"line {n % 600}"), lines.Select(static line => line.Message));
        Assert.Equal(("information", 1), (lines[0].Level, lines[0].Attempt));
        Assert.Equal(["line 3", "line 3"], warnings.Select(static line => line.Message));
    }

    [Fact]
    public async Task Why_a_task_does_not_run_is_explained()
    {
        var later = await client.SubmitAsync(Later, cancellation: Cancellation);

        var explanation = await client.ExplainAsync(later.Id, Cancellation);

        Assert.Equal((later.Id, TaskStates.Scheduled, work.Queue), (explanation!.Id, explanation.Status, explanation.QueueName));
        Assert.InRange(explanation.Reasons[0].Away!.Value, TimeSpan.FromMinutes(50), TimeSpan.FromHours(1));
        Assert.NotEqual((string.Empty, string.Empty), (explanation.Reasons[0].Code, explanation.Reasons[0].Sentence));
        Assert.Null(await client.ExplainAsync(Guid.CreateVersion7(), Cancellation));
    }

    [Fact]
    public async Task A_task_that_waits_is_boosted_rescheduled_and_runs()
    {
        var task = await client.SubmitAsync(Later, cancellation: Cancellation);

        Assert.Equal(6, (await client.BoostAsync(task.Id, 6, Cancellation)).Priority);
        Assert.Equal(10, (await client.BoostAsync(task.Id, cancellation: Cancellation)).Priority);
        var moment = new DateTimeOffset(2035, 1, 2, 3, 4, 5, TimeSpan.FromHours(2));
        Assert.Equal(moment, (await client.RescheduleAsync(task.Id, moment, Cancellation)).DueAt);
        await client.RescheduleAsync(task.Id, TimeSpan.Zero, Cancellation);

        Assert.True((await client.WaitAsync(task.Id, TimeSpan.FromSeconds(30), Cancellation)).HasEnded);
        var refusal = await Assert.ThrowsAsync<MillraceException>(() => client.BoostAsync(task.Id, cancellation: Cancellation));
        Assert.Equal((HttpStatusCode.Conflict, "not-waiting"), (refusal.StatusCode, refusal.Problem?.Slug));
    }

    [Fact]
    public async Task Of_two_who_have_read_the_same_task_the_second_is_told_that_it_was_changed()
    {
        var read = (await client.GetAsync((await client.SubmitAsync(Later, cancellation: Cancellation)).Id, Cancellation))!;

        var edited = await client.EditAsync(read, new TaskEdit { Priority = 9, Data = Json("""{"a": 1.0}"""), Delay = TimeSpan.FromHours(2) }, Cancellation);
        var refusal = await Assert.ThrowsAsync<TaskChangedException>(() => client.EditAsync(read, new TaskEdit { Priority = 1 }, Cancellation));
        var again = await client.EditAsync(edited, new TaskEdit { Priority = 2 }, Cancellation);

        Assert.Equal((9, """{"a":1.0}"""), (edited.Priority, edited.Data!.Value.GetRawText()));
        Assert.Equal("version-changed", refusal.Problem?.Slug);
        Assert.Equal(2, again.Priority);
        Assert.Equal(3, (await client.EditAsync(read.Id, new TaskEdit { Priority = 3 }, null, Cancellation)).Priority);
    }

    [Fact]
    public async Task A_task_that_has_not_changed_is_the_same_and_one_that_has_is_another()
    {
        var read = (await client.GetAsync((await client.SubmitAsync(Later, cancellation: Cancellation)).Id, Cancellation))!;

        Assert.Same(read, await client.RefreshAsync(read, Cancellation));
        await client.BoostAsync(read.Id, cancellation: Cancellation);
        Assert.Equal(10, (await client.RefreshAsync(read, Cancellation))!.Priority);
    }

    [Fact]
    public async Task A_task_that_has_ended_runs_again_with_other_data_elsewhere()
    {
        var task = await client.SubmitAsync("echo", Json("1"), Cancellation);
        await client.WaitAsync(task.Id, TimeSpan.FromSeconds(30), Cancellation);

        var replayed = await client.ReplayAsync(task.Id, new ReplayOrder { Data = Json("2"), QueueName = work.Queue, Priority = 7 }, Cancellation);
        var result = await client.WaitAsync(task.Id, TimeSpan.FromSeconds(30), Cancellation);

        Assert.Equal((work.Queue, 7, 1), (replayed.QueueName, replayed.Priority, replayed.Replays));
        Assert.Equal(2, result.Result!.Value.GetInt32());
        Assert.Equal([0, 1], (await client.GetAsync(task.Id, Cancellation))!.Attempts!.Select(static attempt => attempt.Replay));
    }

    private static JsonElement Json(string text) => JsonSerializer.Deserialize<JsonElement>(text);
}
