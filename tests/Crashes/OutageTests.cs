using Millrace.Lifecycle;
using Millrace.Local.Services;
using Millrace.Tests.Support;

namespace Millrace.Tests.Crashes;

/// <summary>A server that the pipeline needs goes away in the middle of work. The servers are this class's own.</summary>
public sealed class OutageTests(OutageServers servers) : IClassFixture<OutageServers>
{
    private const int Tasks = 3_000;

    private readonly string queue = $"q-{Guid.CreateVersion7():N}";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PostgreSQL_goes_and_comes_back_and_nothing_is_lost_or_doubled(bool isKilled)
    {
        await using var place = await servers.PlaceAsync();
        await using var host = await PipelineHost.StartAsync(place, scripts: Slow(20));
        var work = new Work(place, host.Client, queue);
        await work.SubmitManyAsync(Tasks, fields: "\"max_retries\": 3, \"retry_delay_seconds\": 0.1");
        await place.UntilAsync("(SELECT count(*) FROM finished_tasks) > 200");

        await (isKilled ? servers.Set.KillAsync(ServerKind.Postgres, Place.Cancellation) : servers.Set.StopAsync(ServerKind.Postgres, Place.Cancellation));
        var accepted = await AcceptedUntilRefusedAsync(host.Client);
        await servers.Set.RestartAsync(ServerKind.Postgres, wipeData: false, Place.Cancellation);

        // The pool of the test itself has broken connections too.
        Npgsql.NpgsqlConnection.ClearAllPools();
        place.Source.Clear();
        await work.UntilDoneAsync(TimeSpan.FromSeconds(60));

        // Of the one that was refused last it cannot be told whether it was committed while its connection broke.
        var succeeded = await place.ScalarAsync<long>("SELECT count(*) FROM finished_tasks WHERE outcome = 'succeeded'");
        Assert.InRange(succeeded, Tasks + accepted, Tasks + accepted + 1);
        await Books.AssertAllEndedAsync(place, succeeded);
    }

    [Fact]
    public async Task What_handlers_returned_long_after_their_lease_is_written_when_PostgreSQL_is_back()
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var runs = 0;
        var scripts = new Scripts
        {
            [queue] = async context =>
            {
                Interlocked.Increment(ref runs);
                await using var told = context.Cancellation.Register(() => stopped.TrySetResult());
                await end.Task;
                return TaskOutcome.Succeeded();
            },
        };
        await using var place = await servers.PlaceAsync();
        Dictionary<string, string> settings = new() { ["Millrace__Execute__OutageSeconds"] = "0.5", ["Millrace__Execute__ObeySeconds"] = "60", ["Millrace__Heal__RestartGraceSeconds"] = "20" };
        await using var host = await PipelineHost.StartAsync(place, settings, scripts);
        var work = new Work(place, host.Client, queue);
        await work.SubmitManyAsync(3, fields: "\"max_retries\": 0");
        await place.UntilAsync("(SELECT coalesce(sum(current_load), 0) FROM executors) = 3");

        await servers.Set.KillAsync(ServerKind.Postgres, Place.Cancellation);
        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(30), Place.Cancellation);
        end.SetResult();
        await servers.Set.RestartAsync(ServerKind.Postgres, wipeData: false, Place.Cancellation);
        Npgsql.NpgsqlConnection.ClearAllPools();
        place.Source.Clear();

        await work.UntilDoneAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(3, await place.ScalarAsync<long>("SELECT count(*) FROM finished_tasks WHERE outcome = 'succeeded' AND attempts = 1"));
        Assert.Equal(3, runs);
    }

    [Fact]
    public async Task Storage_that_comes_back_empty_only_delays()
    {
        await using var place = await servers.PlaceAsync();
        await using var host = await PipelineHost.StartAsync(place, scripts: Slow(20));
        var work = new Work(place, host.Client, queue);
        await work.SubmitManyAsync(Tasks, fields: "\"max_retries\": 0");
        await place.UntilAsync("(SELECT count(*) FROM finished_tasks) > 200");

        await servers.Set.KillAsync(ServerKind.Storage, Place.Cancellation);
        await work.SubmitManyAsync(Tasks, fields: "\"max_retries\": 0");
        await servers.Set.RestartAsync(ServerKind.Storage, wipeData: true, Place.Cancellation);

        await work.UntilDoneAsync(TimeSpan.FromSeconds(60));
        var late = await work.SubmitAsync();
        await work.UntilFinishedAsync(late);
        await Books.AssertAllEndedAsync(place, (2 * Tasks) + 1);
        Assert.Equal((2 * Tasks) + 1, await place.ScalarAsync<long>("SELECT count(*) FROM finished_tasks WHERE attempts = 1"));
    }

    [Fact]
    public async Task Redis_is_killed_in_the_middle_and_comes_back_and_nobody_notices()
    {
        await using var place = await servers.PlaceAsync();
        place.Redis = servers.Set.RedisConnectionString;
        await using var host = await PipelineHost.StartAsync(place, scripts: Slow(5));
        var work = new Work(place, host.Client, queue);
        await work.SubmitManyAsync(Tasks, fields: "\"max_retries\": 0");
        await place.UntilAsync("(SELECT count(*) FROM finished_tasks) > 200");

        await servers.Set.KillAsync(ServerKind.Redis, Place.Cancellation);
        await work.SubmitManyAsync(Tasks, fields: "\"max_retries\": 0");
        await work.UntilDoneAsync(TimeSpan.FromSeconds(60));
        await servers.Set.RestartAsync(ServerKind.Redis, wipeData: true, Place.Cancellation);
        await work.UntilFinishedAsync(await work.SubmitAsync());

        await Books.AssertAllEndedAsync(place, (2 * Tasks) + 1);
        Assert.Equal((2 * Tasks) + 1, await place.ScalarAsync<long>("SELECT count(*) FROM finished_tasks WHERE attempts = 1"));
    }

    [Fact]
    public async Task A_Redis_that_was_never_there_is_not_missed()
    {
        await using var place = await servers.PlaceAsync();
        place.Redis = "127.0.0.1:1";
        await using var host = await PipelineHost.StartAsync(place, scripts: Slow(0));
        var work = new Work(place, host.Client, queue);

        await work.SubmitManyAsync(Tasks, fields: "\"max_retries\": 0");

        await work.UntilDoneAsync();
        await Books.AssertAllEndedAsync(place, Tasks);
    }

    /// <summary>A server whose first process is killed may answer for a moment: its others find out by themselves.</summary>
    private async Task<int> AcceptedUntilRefusedAsync(HttpClient client)
    {
        for (var accepted = 0; ; accepted++)
        {
            using var answer = await Work.PostAsync(client, "api/v1/tasks", $$"""{"type": "echo", "queue_name": "{{queue}}"}""");
            if (answer.StatusCode != System.Net.HttpStatusCode.Accepted)
            {
                Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, answer.StatusCode);
                Assert.NotNull(answer.Headers.RetryAfter);
                return accepted;
            }

            Assert.InRange(accepted, 0, 1_000);
        }
    }

    private Scripts Slow(int milliseconds) => new()
    {
        [queue] = async context =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System, context.Cancellation);
            return TaskOutcome.Succeeded();
        },
    };
}
