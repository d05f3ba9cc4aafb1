using Millrace.Lifecycle;
using Millrace.Tests.Support;

namespace Millrace.Tests.Pipeline;

/// <summary>What a host that is told to stop does with the work in its hands.</summary>
public sealed class ShutdownTests
{
    private static readonly string Queue = $"q-{Guid.CreateVersion7():N}";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Running_and_waiting_tasks_go_back_at_once_and_at_no_cost(bool obedient)
    {
        var never = new TaskCompletionSource<TaskOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        var scripts = new Scripts
        {
            [Queue] = async context =>
            {
                await never.Task.WaitAsync(Timeout.InfiniteTimeSpan, TimeProvider.System, obedient ? context.Cancellation : CancellationToken.None);
                return TaskOutcome.Succeeded();
            },
        };
        await using var place = await Place.NewAsync();
        await using (var host = await PipelineHost.StartAsync(place, LongLeases, scripts))
        {
            var work = new Work(place, host.Client, Queue);
            await work.SubmitManyAsync(100, fields: "\"max_retries\": 0");
            await place.UntilAsync("(SELECT coalesce(sum(current_load), 0) FROM executors) >= 28");

            await host.StopAsync();

            // The longest a heartbeat, a grace and an obedience take; the lease alone is a minute.
            Assert.Equal(100, await place.ScalarAsync<long>("SELECT count(*) FROM tasks WHERE attempts = 0 AND crashes = 0 AND history IS NULL"));
            Assert.Equal(0, await place.ScalarAsync<long>("SELECT count(*) FROM tickets WHERE state <> 'queued'"));
        }

        Assert.True(await place.ScalarAsync<bool>("SELECT bool_and(status = 'stopped') FROM executors"));
        scripts[Queue] = static _ => new(TaskOutcome.Succeeded());
        await using var next = await PipelineHost.StartAsync(place, LongLeases, scripts);
        await place.UntilAsync("NOT EXISTS (SELECT FROM tasks)", TimeSpan.FromSeconds(15));
        await Books.AssertAllEndedAsync(place, 100);
        Assert.Equal(100, await place.ScalarAsync<long>("SELECT count(*) FROM finished_tasks WHERE attempts = 1"));
    }

    [Fact]
    public async Task A_handler_that_ends_within_the_grace_is_not_run_again()
    {
        var runs = 0;
        var scripts = new Scripts();
        await using var place = await Place.NewAsync();
        await using var host = await PipelineHost.StartAsync(place, new Dictionary<string, string> { ["Millrace__Execute__ShutdownGraceSeconds"] = "10" }, scripts);
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        scripts[Queue] = async _ =>
        {
            Interlocked.Increment(ref runs);
            begun.TrySetResult();
            await stopping.Task;
            return TaskOutcome.Succeeded();
        };
        var work = new Work(place, host.Client, Queue);
        var task = await work.SubmitAsync();
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30), Place.Cancellation);

        var stopped = host.StopAsync();
        stopping.SetResult();
        await stopped;

        Assert.Equal(1, await work.FinishedAsync<short>(task, "attempts"));
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task Stopping_in_the_middle_of_many_costs_no_attempt()
    {
        var scripts = new Scripts
        {
            [Queue] = static async context =>
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, context.Cancellation);
                return TaskOutcome.Succeeded();
            },
        };
        await using var place = await Place.NewAsync();
        for (var round = 0; round < 4; round++)
        {
            await using var host = await PipelineHost.StartAsync(place, LongLeases, scripts);
            await new Work(place, host.Client, Queue).SubmitManyAsync(1_000, fields: "\"max_retries\": 0");
            await place.UntilAsync($"(SELECT count(*) FROM finished_tasks) > {round * 500}");
            await host.StopAsync();
            Assert.Equal(0, await place.ScalarAsync<long>("SELECT count(*) FROM tickets WHERE state <> 'queued'"));
        }

        await using var last = await PipelineHost.StartAsync(place, LongLeases, scripts);
        await place.UntilAsync("NOT EXISTS (SELECT FROM tasks)");
        await Books.AssertAllEndedAsync(place, 4_000);
        Assert.Equal(4_000, await place.ScalarAsync<long>("SELECT count(*) FROM finished_tasks WHERE attempts = 1 AND outcome = 'succeeded'"));
    }

    /// <summary>Whoever waits for a lease here waits a minute, and fails.</summary>
    private static Dictionary<string, string> LongLeases => new()
    {
        ["Millrace__Execute__LeaseSeconds"] = "60",
    };
}
