using Millrace.Lifecycle;
using Millrace.Tests.Support;

namespace Millrace.Tests.Pipeline;

/// <summary>A task that somebody wants to end while it runs.</summary>
public sealed class CancelTests(PipelineFixture pipeline) : IClassFixture<PipelineFixture>
{
    private readonly Work work = new(pipeline.Place, pipeline.Host.Client);

    [Fact]
    public async Task A_running_handler_hears_of_it_and_the_task_is_cancelled()
    {
        pipeline.Host.Scripts[work.Queue] = async context =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.Cancellation);
            return TaskOutcome.Succeeded();
        };
        var task = await work.SubmitAsync();
        await work.UntilRunningAsync(task);

        await RequestAsync(task);

        await work.UntilFinishedAsync(task, "cancelled");
    }

    [Fact]
    public async Task A_handler_that_ignores_it_is_settled_without_it()
    {
        var never = new TaskCompletionSource<TaskOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        pipeline.Host.Scripts[work.Queue] = _ => new(never.Task);
        var task = await work.SubmitAsync();
        await work.UntilRunningAsync(task);

        await RequestAsync(task);

        await work.UntilFinishedAsync(task, "cancelled");
        never.SetResult(TaskOutcome.Succeeded());
    }

    [Fact]
    public async Task Work_that_is_done_stays_done()
    {
        var done = new TaskCompletionSource<TaskOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        pipeline.Host.Scripts[work.Queue] = _ => new(done.Task);
        var task = await work.SubmitAsync();
        await work.UntilRunningAsync(task);

        await RequestAsync(task);
        done.SetResult(TaskOutcome.Succeeded());

        await work.UntilFinishedAsync(task);
    }

    [Theory]
    [InlineData("failed")]
    [InlineData("snoozed")]
    public async Task A_task_that_would_have_waited_again_is_cancelled_instead(string outcome)
    {
        var done = new TaskCompletionSource<TaskOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        pipeline.Host.Scripts[work.Queue] = _ => new(done.Task);
        var task = await work.SubmitAsync();
        await work.UntilRunningAsync(task);

        await RequestAsync(task);
        done.SetResult(outcome == "failed" ? TaskOutcome.Failed("x", "y") : TaskOutcome.Snoozed(TimeSpan.Zero));

        await work.UntilFinishedAsync(task, "cancelled");
    }

    [Fact]
    public async Task A_task_whose_executor_died_is_cancelled_by_the_healer()
    {
        await pipeline.Place.ExecuteAsync("INSERT INTO queues (name, paused) VALUES ($1, true)", work.Queue);
        var task = await work.SubmitAsync();
        await pipeline.Place.ExecuteAsync("""
            WITH ticket AS (
                INSERT INTO tickets (queue_name, state, quarantine, executor_id, started_at, lease_until)
                VALUES ($2, 'running', false, gen_random_uuid(), now(), now() - interval '1 second') RETURNING id),
            task AS (UPDATE tasks SET cancel_requested = true WHERE id = $1 RETURNING id, due_at)
            INSERT INTO claims (ticket_id, first_place, last_place, remaining, queue_name, due_from, due_through, task_ids)
            SELECT ticket.id, 1, 1, 1, $2, due_at, due_at, ARRAY[task.id] FROM task, ticket
            """, task, work.Queue);

        await work.UntilFinishedAsync(task, "cancelled");
        await pipeline.Place.UntilAsync("NOT EXISTS (SELECT FROM tickets WHERE queue_name = $1)", work.Queue);
    }

    private Task<int> RequestAsync(Guid task) => pipeline.Place.ExecuteAsync(
        "UPDATE tasks SET cancel_requested = true WHERE id = $1 AND EXISTS (SELECT FROM claim_of(queue_name, due_at, id))", task);
}
