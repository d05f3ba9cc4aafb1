using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;
using Millrace.Tests.Support;

namespace Millrace.Tests.Pipeline;

/// <summary>An executor that waits for work makes tickets needless, until it gets more than it can take.</summary>
public sealed class HungryTests
{
    private readonly string queue = $"q-{Guid.CreateVersion7():N}";

    [Fact]
    public async Task What_a_hungry_executor_is_too_small_for_goes_out_as_tickets_at_once()
    {
        var open = new TaskCompletionSource<TaskOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = 0;
        var scripts = new Scripts { [queue] = static _ => new(TaskOutcome.Succeeded()) };
        await using var place = await Place.NewAsync();

        await using var host = await StartAsync(place, scripts);
        var work = new Work(place, host.Client, queue);
        await work.UntilFinishedAsync(await work.SubmitAsync());
        await place.UntilAsync("hungry_until > now() FROM tickets WHERE queue_name = $1", queue);
        scripts[queue] = _ =>
        {
            Interlocked.Increment(ref begun);
            return new(open.Task);
        };

        await work.SubmitManyAsync(6);

        await place.UntilAsync("(SELECT count(DISTINCT ticket_id) FROM claims WHERE queue_name = $1) >= 2", queue);
        open.SetResult(TaskOutcome.Succeeded());
        await work.UntilDoneAsync();
        Assert.Equal(6, begun);
    }

    [Fact]
    public async Task What_was_left_to_a_hungry_executor_that_died_goes_out_as_a_ticket_when_its_mark_ends()
    {
        var scripts = new Scripts { [queue] = static _ => new(TaskOutcome.Succeeded()) };
        await using var place = await Place.NewAsync();
        await using var host = await StartAsync(place, scripts);
        var dead = new Given(place.Store, queue);
        await dead.SubmittedAsync();
        var ticket = new RunningTicket(await dead.StartedAsync(), queue, dead.Executor);
        await place.Store.ClaimMoreAsync(ticket, new(10, 32, 1, TaskStore.BeginAtOnce, Given.AnyTicket), Given.Lease, TimeSpan.FromSeconds(4), Place.Cancellation);
        var work = new Work(place, host.Client, queue);

        var task = await work.SubmitAsync();

        Assert.Equal(0L, await place.ScalarAsync<long>("SELECT count(*) FROM tickets WHERE queue_name = $1 AND executor_id IS DISTINCT FROM $2", queue, dead.Executor.Value));
        await work.UntilFinishedAsync(task);
    }

    [Fact]
    public async Task Of_all_runs_of_a_process_that_have_no_more_to_do_one_waits_for_more()
    {
        var open = new TaskCompletionSource<TaskOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        var scripts = new Scripts { [queue] = _ => new(open.Task) };
        await using var place = await Place.NewAsync();
        await using var host = await StartAsync(place, scripts);
        var work = new Work(place, host.Client, queue);
        await work.SubmitManyAsync(6);
        await place.UntilAsync("(SELECT count(*) FROM tickets WHERE queue_name = $1 AND state = 'running') >= 2", queue);

        open.SetResult(TaskOutcome.Succeeded());

        await work.UntilDoneAsync();
        await place.UntilAsync("(SELECT count(*) FROM tickets WHERE queue_name = $1) = 1", queue);
        await work.UntilFinishedAsync(await work.SubmitAsync());
        Assert.Equal(1L, await place.ScalarAsync<long>("SELECT count(*) FROM tickets WHERE queue_name = $1", queue));
    }

    [Fact]
    public async Task Of_all_processes_that_have_no_more_to_do_the_one_with_the_oldest_ticket_waits_for_more()
    {
        await using var place = await Place.NewAsync();
        var given = new Given(place.Store, queue);
        List<RunningTicket> running = [];
        for (var n = 0; n < 2; n++)
        {
            await given.SubmittedAsync();
            running.Add(new RunningTicket(await given.StartedAsync(), queue, given.Executor));
        }

        Assert.False(await place.Store.IsNotNeededAsync(running[1], Given.AnyTicket, Place.Cancellation), "Nobody else waits.");
        foreach (var ticket in running)
        {
            var more = await place.Store.ClaimMoreAsync(ticket, new(10, 32, 1, TaskStore.BeginAtOnce, Given.AnyTicket), Given.Lease, Given.Lease, Place.Cancellation);
            Assert.Empty(more.Tasks);
        }

        Assert.False(await place.Store.IsNotNeededAsync(running[0], Given.AnyTicket, Place.Cancellation));
        Assert.True(await place.Store.IsNotNeededAsync(running[1], Given.AnyTicket, Place.Cancellation));
        await place.Store.EndHungerAsync(running[0], Place.Cancellation);
        Assert.False(await place.Store.IsNotNeededAsync(running[1], Given.AnyTicket, Place.Cancellation));

        await place.Store.EndHungerAsync(running[1], Place.Cancellation);
        await given.SubmittedAsync();
        await given.ClaimedAsync();
        Assert.True(await place.Store.IsNotNeededAsync(running[0], Given.AnyTicket, Place.Cancellation), "A ticket waits.");
    }

    /// <summary>Two handlers at a time, who waits waits for long, and neither timer comes to help while the test runs.</summary>
    private static Task<PipelineHost> StartAsync(Place place, Scripts scripts) => PipelineHost.StartAsync(place, new Dictionary<string, string>
    {
        ["MILLRACE_DISPATCH_SCHEDULE"] = "0 0 0 1 1 *",
        ["MILLRACE_HEAL_SCHEDULE"] = "0 0 0 1 1 *",
        ["Millrace__Execute__Concurrency"] = "8",
        ["Millrace__Execute__TicketConcurrency"] = "2",
        ["Millrace__Execute__LingerSeconds"] = "60",
    }, scripts);
}
