using Millrace.Lifecycle;
using Millrace.Tests.Support;

namespace Millrace.Tests.Crashes;

/// <summary>Processes and connections that die where nobody planned it.</summary>
public sealed class KillTests
{
    private readonly string queue = $"q-{Guid.CreateVersion7():N}";

    [Fact]
    public async Task A_host_that_is_killed_in_the_middle_of_5_000_tasks_loses_and_doubles_none()
    {
        const int tasks = 5_000;
        await using var place = await Place.NewAsync();
        await using (var first = await HostProcess.StartAsync(place))
        {
            var work = new Work(place, first.Client, queue);
            await work.SubmitManyAsync(tasks, "sleep", data: static _ => "{\"seconds\": 0.02}");
            await place.UntilAsync("(SELECT count(*) FROM finished_tasks) > 1000");
            first.Kill();
            await first.UntilKilledAsync();
        }

        await using var second = await HostProcess.StartAsync(place);
        await place.UntilAsync("NOT EXISTS (SELECT FROM tasks)", TimeSpan.FromSeconds(90));
        await Books.AssertAllEndedAsync(place, tasks);
        Assert.Equal(tasks, await place.ScalarAsync<long>("SELECT count(*) FROM finished_tasks WHERE outcome = 'succeeded' AND crashes <= 1"));
    }

    [Fact]
    public async Task Connections_that_are_cut_again_and_again_lose_and_double_nothing()
    {
        const int tasks = 3_000;
        await using var place = await Place.NewAsync();
        var scripts = new Scripts
        {
            [queue] = async context =>
            {
                await Task.Delay(TimeSpan.FromMilliseconds(30), TimeProvider.System, context.Cancellation);
                return TaskOutcome.Succeeded();
            },
        };
        await using var host = await PipelineHost.StartAsync(place, scripts: scripts);
        var work = new Work(place, host.Client, queue);
        await work.SubmitManyAsync(tasks, fields: "\"max_retries\": 5, \"retry_delay_seconds\": 0");
        for (var round = 0; round < 20; round++)
        {
            await CutConnectionsAsync(place);
            await Task.Delay(TimeSpan.FromMilliseconds(150), TimeProvider.System, Place.Cancellation);
        }

        await work.UntilDoneAsync(TimeSpan.FromSeconds(60));
        await Books.AssertAllEndedAsync(place, tasks);
        Assert.Equal(tasks, await place.ScalarAsync<long>("SELECT count(*) FROM finished_tasks WHERE outcome = 'succeeded'"));
    }

    [Fact]
    public async Task Tasks_of_a_claim_whose_answer_was_lost_are_run_while_their_neighbours_still_are()
    {
        var slow = new TaskCompletionSource<TaskOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var place = await Place.NewAsync();
        await using var host = await PipelineHost.StartAsync(
            place, scripts: new Scripts { [queue] = context => context.Data.Length == 1 ? new(slow.Task) : new(TaskOutcome.Succeeded()) });
        var work = new Work(place, host.Client, queue);
        await work.UntilRunningAsync(await work.SubmitAsync("0"));
        var lost = await work.SubmitAsync("\"lost\"", "\"delay_seconds\": 3600, \"max_retries\": 0");

        // As the claim leaves it when the connection breaks after its commit.
        await place.ExecuteAsync("""
            WITH task AS (UPDATE tasks SET due_at = now() WHERE id = $1 RETURNING id, due_at)
            INSERT INTO claims (ticket_id, first_place, last_place, remaining, queue_name, due_from, due_through, task_ids)
            SELECT k.id, 1000, 1000, 1, $2, due_at, due_at, ARRAY[task.id] FROM task, tickets k WHERE k.queue_name = $2
            """, lost, queue);
        for (var began = TimeProvider.System.GetTimestamp(); await place.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM tasks WHERE id = $1)", lost);)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(20), await Books.DescribeAsync(place));
            await CutConnectionsAsync(place);
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, Place.Cancellation);
        }

        Assert.Equal((short)1, await work.FinishedAsync<short>(lost, "attempts"));
        slow.SetResult(TaskOutcome.Succeeded());
        await work.UntilDoneAsync();
        await Books.AssertAllEndedAsync(place, 2);
    }

    private static Task<long> CutConnectionsAsync(Place place) => place.ScalarAsync<long>("""
        SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'millrace'
        """);
}
