using Microsoft.Extensions.DependencyInjection;
using Millrace.Lifecycle;
using Millrace.Tests.Support;
using Npgsql;

namespace Millrace.Tests.Crashes;

/// <summary>A process that has used up its connections is slow, not dead.</summary>
public sealed class FullPoolTests
{
    private readonly string queue = $"q-{Guid.CreateVersion7():N}";

    [Fact]
    public async Task A_full_pool_costs_no_lease()
    {
        var open = new TaskCompletionSource<TaskOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var place = await Place.NewAsync();
        await using var host = await PipelineHost.StartAsync(
            place, new Dictionary<string, string> { ["Millrace__Store__PoolSize"] = "4" }, new Scripts { [queue] = _ => new(open.Task) });
        var work = new Work(place, host.Client, queue);
        var task = await work.SubmitAsync(fields: "\"max_retries\": 0");
        await work.UntilRunningAsync(task);
        var pool = host.Services.GetRequiredService<NpgsqlDataSource>();
        var taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => pool.OpenConnectionAsync(Place.Cancellation).AsTask()));

        // A lease is two seconds long.
        await place.UntilAsync("now() > min(started_at) + interval '6 seconds' FROM tickets WHERE queue_name = $1", queue);
        foreach (var connection in taken)
        {
            await connection.DisposeAsync();
        }

        open.SetResult(TaskOutcome.Succeeded());
        await work.UntilFinishedAsync(task);
        Assert.Equal((short)0, await work.FinishedAsync<short>(task, "crashes"));
    }
}
