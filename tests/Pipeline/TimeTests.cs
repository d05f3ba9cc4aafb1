using System.Globalization;
using System.Text;
using Millrace.Lifecycle;
using Millrace.Tests.Support;

namespace Millrace.Tests.Pipeline;

/// <summary>When a task runs: due times, expiry, time-outs and priorities.</summary>
public sealed class TimeTests(PipelineFixture pipeline) : IClassFixture<PipelineFixture>
{
    private readonly Work work = new(pipeline.Place, pipeline.Host.Client);

    [Fact]
    public async Task A_delayed_task_starts_when_the_database_says_that_it_is_due()
    {
        pipeline.Host.Scripts[work.Queue] = _ => new(TaskOutcome.Succeeded());

        var task = await work.SubmitAsync(fields: "\"delay_seconds\": 1.5");

        await work.UntilFinishedAsync(task);
        Assert.Equal(1.5, await work.FinishedAsync<double>(task, "extract(epoch FROM due_at - created_at)::float8"));
        Assert.InRange(await work.FinishedAsync<double>(task, "extract(epoch FROM started_at - due_at)::float8"), 0, 3);
    }

    [Fact]
    public async Task A_scheduled_task_starts_at_its_time_in_whatever_zone_it_was_written()
    {
        pipeline.Host.Scripts[work.Queue] = _ => new(TaskOutcome.Succeeded());
        var moment = await pipeline.Place.ScalarAsync<DateTime>("SELECT date_trunc('milliseconds', now() + interval '1.5 seconds')");
        var text = new DateTimeOffset(moment).ToOffset(TimeSpan.FromHours(-9.5)).ToString("O", CultureInfo.InvariantCulture);

        var task = await work.SubmitAsync(fields: $"\"scheduled_at\": \"{text}\"");

        await work.UntilFinishedAsync(task);
        Assert.Equal(moment, await work.FinishedAsync<DateTime>(task, "due_at"));
        Assert.InRange(await work.FinishedAsync<double>(task, "extract(epoch FROM started_at - due_at)::float8"), 0, 3);
    }

    [Fact]
    public async Task A_task_that_was_not_started_in_time_expires()
    {
        var task = await work.SubmitAsync(fields: "\"delay_seconds\": 3600, \"expires_at\": \"2020-01-01T00:00:00Z\"");

        await work.UntilFinishedAsync(task, "expired");
        Assert.Equal(0, await work.FinishedAsync<short>(task, "attempts"));
    }

    [Fact]
    public async Task A_task_that_has_expired_is_never_run()
    {
        var ran = false;
        pipeline.Host.Scripts[work.Queue] = _ =>
        {
            ran = true;
            return new(TaskOutcome.Succeeded());
        };

        await work.UntilFinishedAsync(await work.SubmitAsync(fields: "\"expires_at\": \"2020-01-01T00:00:00Z\""), "expired");

        Assert.False(ran);
    }

    [Fact]
    public async Task A_handler_that_obeys_its_time_out_is_tried_again()
    {
        pipeline.Host.Scripts[work.Queue] = async context =>
        {
            if (context.AttemptNumber == 1)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.Cancellation);
            }

            return TaskOutcome.Succeeded();
        };

        var task = await work.SubmitAsync(fields: "\"timeout_seconds\": 1, \"retry_delay_seconds\": 0");

        await work.UntilFinishedAsync(task);
        Assert.Equal(2, await work.FinishedAsync<short>(task, "attempts"));
        Assert.Equal("timeout", await work.FinishedAsync<string>(task, "history -> 0 ->> 'error_type'"));
    }

    [Fact]
    public async Task A_handler_that_ignores_its_time_out_is_settled_without_it_and_its_late_answer_is_not_written()
    {
        var late = new TaskCompletionSource<TaskOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        pipeline.Host.Scripts[work.Queue] = context =>
            context.AttemptNumber == 1 ? new(late.Task) : new(TaskOutcome.SucceededWithJson("2"u8.ToArray()));

        var task = await work.SubmitAsync(fields: "\"timeout_seconds\": 1, \"retry_delay_seconds\": 0");

        await work.UntilFinishedAsync(task);
        late.SetResult(TaskOutcome.SucceededWithJson("1"u8.ToArray()));
        await work.UntilFinishedAsync(await work.SubmitAsync());
        Assert.Equal("2", await work.FinishedAsync<string>(task, "result::text"));
        Assert.Equal(2, await work.FinishedAsync<short>(task, "attempts"));
    }

    [Fact]
    public async Task Under_a_backlog_the_urgent_goes_first()
    {
        const int backlog = 3_000;
        var begun = 0;
        var position = 0;
        var scripts = new Scripts
        {
            [work.Queue] = async context =>
            {
                var mine = Interlocked.Increment(ref begun);
                position = context.Data.Span is [(byte)'"', ..] ? mine : position;
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, context.Cancellation);
                return TaskOutcome.Succeeded();
            },
        };
        await using var own = await Place.NewAsync();
        await using var host = await PipelineHost.StartAsync(own, new Dictionary<string, string> { ["WORKER_CONCURRENCY"] = "1" }, scripts);
        var queue = new Work(own, host.Client, work.Queue);
        await queue.SubmitManyAsync(backlog, fields: "\"priority\": 2");
        await own.UntilAsync("EXISTS (SELECT FROM finished_tasks)");

        await queue.UntilFinishedAsync(await queue.SubmitAsync("\"urgent\"", "\"priority\": \"critical\""));

        // What already sits in tickets may come first; the backlog may not.
        Assert.InRange(position, 1, backlog / 2);
        await queue.UntilDoneAsync();
    }

    [Fact]
    public async Task Tasks_of_one_claim_begin_in_the_order_of_their_priority()
    {
        var order = new List<string>();
        var scripts = new Scripts
        {
            [work.Queue] = context =>
            {
                order.Add(Encoding.UTF8.GetString(context.Data.Span));
                return new(TaskOutcome.Succeeded());
            },
        };
        await using var own = await Place.NewAsync();
        await own.ExecuteAsync("INSERT INTO queues (name, paused) VALUES ($1, true)", work.Queue);
        await using var host = await PipelineHost.StartAsync(own, new Dictionary<string, string> { ["WORKER_CONCURRENCY"] = "1" }, scripts);
        var queue = new Work(own, host.Client, work.Queue);
        foreach (var priority in (int[])[1, 5, 10, 3, 8])
        {
            await queue.SubmitAsync(priority.ToString(CultureInfo.InvariantCulture), $"\"priority\": {priority}");
        }

        await own.ExecuteAsync("UPDATE queues SET paused = false");
        await queue.UntilDoneAsync();
        Assert.Equal(["10", "8", "5", "3", "1"], order);
    }
}
