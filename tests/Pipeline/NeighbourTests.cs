using System.Collections.Concurrent;
using System.Text;
using Millrace.Lifecycle;
using Millrace.Tests.Support;

namespace Millrace.Tests.Pipeline;

/// <summary>Tasks that travel together do not wait for each other, and none runs twice at the same time.</summary>
public sealed class NeighbourTests(PipelineFixture pipeline) : IClassFixture<PipelineFixture>
{
    private readonly Work work = new(pipeline.Place, pipeline.Host.Client);

    [Fact]
    public async Task Results_are_written_while_a_slow_neighbour_still_runs()
    {
        var slow = new TaskCompletionSource<TaskOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        pipeline.Host.Scripts[work.Queue] = context => Is(context.Data, "0") ? new(slow.Task) : new(TaskOutcome.Succeeded());

        await work.SubmitManyAsync(30);

        await pipeline.Place.UntilAsync("(SELECT count(*) FROM finished_tasks WHERE queue_name = $1) = 29", work.Queue);
        Assert.Equal("0", await pipeline.Place.ScalarAsync<string>("SELECT data::text FROM tasks WHERE queue_name = $1", work.Queue));
        slow.SetResult(TaskOutcome.Succeeded());
        await work.UntilDoneAsync();
    }

    [Fact]
    public async Task Handlers_that_block_their_threads_cost_no_lease_and_hold_up_no_results()
    {
        using var open = new ManualResetEventSlim();
        pipeline.Host.Scripts[work.Queue] = context =>
        {
            if (context.Data.Length == 1)
            {
                open.Wait(TimeSpan.FromSeconds(30));
            }

            return new(TaskOutcome.Succeeded());
        };

        // Ten block, ninety do not; a lease of two seconds ends several times meanwhile.
        await work.SubmitManyAsync(100);
        await pipeline.Place.UntilAsync("(SELECT count(*) FROM finished_tasks WHERE queue_name = $1) = 90", TimeSpan.FromSeconds(10), work.Queue);
        await pipeline.Place.UntilAsync(
            "bool_and(now() > k.started_at + interval '5 seconds') FROM tickets k WHERE k.queue_name = $1 AND k.state = 'running'", work.Queue);
        open.Set();
        await work.UntilDoneAsync();

        Assert.Equal(100, await pipeline.Place.ScalarAsync<long>(
            "SELECT count(*) FROM finished_tasks WHERE queue_name = $1 AND attempts = 1 AND crashes = 0", work.Queue));
    }

    [Fact]
    public async Task More_blocking_handlers_than_processors_do_not_stop_the_writing_of_results()
    {
        using var open = new ManualResetEventSlim();
        pipeline.Host.Scripts[work.Queue] = context =>
        {
            if (context.Data.Length < 2 || context.Data.Span[0] is (byte)'1')
            {
                open.Wait(TimeSpan.FromSeconds(30));
            }

            return new(TaskOutcome.Succeeded());
        };

        await work.SubmitManyAsync(100);
        await pipeline.Place.UntilAsync("(SELECT count(*) FROM finished_tasks WHERE queue_name = $1) = 80", TimeSpan.FromSeconds(10), work.Queue);
        open.Set();
        await work.UntilDoneAsync();
    }

    [Fact]
    public async Task Two_hosts_on_one_database_never_run_a_task_twice_at_the_same_time()
    {
        const int tasks = 3_000;
        var running = new ConcurrentDictionary<Guid, bool>();
        var starts = new ConcurrentDictionary<Guid, int>();
        var overlaps = 0;
        var scripts = new Scripts
        {
            [work.Queue] = async context =>
            {
                starts.AddOrUpdate(context.Id.Value, 1, static (_, n) => n + 1);
                if (!running.TryAdd(context.Id.Value, true))
                {
                    Interlocked.Increment(ref overlaps);
                }

                await Task.Yield();
                running.TryRemove(context.Id.Value, out _);
                return context.Id.Value.GetHashCode() % 10 == 0 && context.AttemptNumber == 1
                    ? TaskOutcome.Failed("once", "Again.")
                    : TaskOutcome.Succeeded();
            },
        };
        await using var place = await Place.NewAsync();
        await using var first = await PipelineHost.StartAsync(place, scripts: scripts);
        await using var second = await PipelineHost.StartAsync(place, scripts: scripts);
        var queue = new Work(place, first.Client, work.Queue);

        await queue.SubmitManyAsync(tasks, fields: "\"retry_delay_seconds\": 0");
        await queue.UntilDoneAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(0, overlaps);
        Assert.Equal(tasks, starts.Count);
        Assert.All(starts, static start => Assert.Equal(start.Key.GetHashCode() % 10 == 0 ? 2 : 1, start.Value));
        await Books.AssertAllEndedAsync(place, tasks);
    }

    private static bool Is(ReadOnlyMemory<byte> data, string text) => Encoding.UTF8.GetString(data.Span) == text;
}
