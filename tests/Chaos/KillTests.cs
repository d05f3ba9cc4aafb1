using Millrace.Lifecycle;
using Millrace.Tests.Support;

namespace Millrace.Tests.Chaos;

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
            await place.ScalarAsync<long>("""
                SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                WHERE datname = current_database() AND application_name = 'millrace'
                """);
            await Task.Delay(TimeSpan.FromMilliseconds(150), TimeProvider.System, Place.Cancellation);
        }

        await work.UntilDoneAsync(TimeSpan.FromSeconds(60));
        await Books.AssertAllEndedAsync(place, tasks);
        Assert.Equal(tasks, await place.ScalarAsync<long>("SELECT count(*) FROM finished_tasks WHERE outcome = 'succeeded'"));
    }
}
