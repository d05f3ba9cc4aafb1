using Millrace.Tests.Support;

namespace Millrace.Tests.Crashes;

/// <summary>A task that kills every process that runs it.</summary>
public sealed class PoisonTests
{
    private const int MaxRetries = 2;

    private readonly string queue = $"q-{Guid.CreateVersion7():N}";

    [Fact]
    public async Task It_ends_as_poison_after_its_attempts_and_its_neighbours_succeed()
    {
        const int neighbours = 40;
        await using var place = await Place.NewAsync();
        await place.ExecuteAsync("INSERT INTO queues (name, paused) VALUES ($1, true)", queue);
        var deaths = 0;
        for (var isFirst = true; isFirst || await place.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM tasks WHERE type = 'kill')"); isFirst = false)
        {
            await using var host = await HostProcess.StartChildAsync(place);
            if (isFirst)
            {
                var work = new Work(place, host.Client, queue);
                await work.SubmitManyAsync(neighbours, "process", "\"max_retries\": 1");
                await work.SubmitAsync(type: "kill", fields: $"\"max_retries\": {MaxRetries}, \"retry_delay_seconds\": 0.1, \"priority\": 10");
                await place.ExecuteAsync("UPDATE queues SET paused = false");
            }

            deaths += await DiesAsync(host, place) ? 1 : 0;
            Assert.InRange(deaths, 0, MaxRetries + 2);
        }

        // The death that made it a suspect was charged to nobody.
        Assert.Equal(MaxRetries + 2, deaths);
        await using var last = await HostProcess.StartChildAsync(place);
        await place.UntilAsync("NOT EXISTS (SELECT FROM tasks)");
        await Books.AssertAllEndedAsync(place, neighbours + 1);
        Assert.Equal("poison", await place.ScalarAsync<string>("SELECT string_agg(reason::text, ' ') FROM dead_letters"));
        Assert.Equal(MaxRetries + 1, await place.ScalarAsync<short>("SELECT attempts FROM dead_letters WHERE crashes = attempts + 1"));
        Assert.Equal(MaxRetries + 1, await place.ScalarAsync<int>("SELECT jsonb_array_length(history) FROM dead_letters"));
        Assert.Equal(neighbours, await place.ScalarAsync<long>("SELECT count(*) FROM finished_tasks WHERE outcome = 'succeeded'"));
        Assert.Equal(1, await place.ScalarAsync<int>("SELECT max(jsonb_array_length(history)) FROM finished_tasks"));
    }

    /// <returns>False when nothing is left that could kill it.</returns>
    private static async Task<bool> DiesAsync(HostProcess host, Place place)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!host.HasExited)
        {
            Assert.True(
                TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(60),
                $"{await Books.DescribeAsync(place)}\nprocess: {host.KernelState}\n{host.Errors}");
            if (await place.ScalarAsync<bool>("SELECT NOT EXISTS (SELECT FROM tasks WHERE type = 'kill')"))
            {
                return false;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Place.Cancellation);
        }

        await host.UntilKilledAsync();
        return true;
    }
}
