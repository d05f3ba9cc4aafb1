using Millrace.Lifecycle;
using Millrace.Tests.Support;

namespace Millrace.Tests.Pipeline;

/// <summary>A handler that runs for long holds its own place, not the invocation's.</summary>
public sealed class StragglerTests
{
    private readonly string slow = $"q-{Guid.CreateVersion7():N}";
    private readonly string quick = $"q-{Guid.CreateVersion7():N}";

    [Theory]
    [InlineData("240")]
    [InlineData("1")]
    public async Task Other_queues_are_served_while_the_only_invocation_waits_for_its_last_handler(string invocationSeconds)
    {
        var open = new TaskCompletionSource<TaskOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        var scripts = new Scripts { [slow] = _ => new(open.Task), [quick] = static _ => new(TaskOutcome.Succeeded()) };
        await using var place = await Place.NewAsync();
        await using var host = await PipelineHost.StartAsync(place, new Dictionary<string, string>
        {
            ["AzureFunctionsJobHost__extensions__queues__batchSize"] = "1",
            ["AzureFunctionsJobHost__extensions__queues__newBatchThreshold"] = "0",
            ["AzureWebJobs.ExecuteUrgent.Disabled"] = "true",
            ["Millrace__Execute__InvocationSeconds"] = invocationSeconds,
        }, scripts);
        var (stragglers, others) = (new Work(place, host.Client, slow), new Work(place, host.Client, quick));
        var straggler = await stragglers.SubmitAsync();
        await stragglers.UntilRunningAsync(straggler);

        for (var round = 0; round < 3; round++)
        {
            await others.UntilFinishedAsync(await others.SubmitAsync());
        }

        // And work of its own queue, for which no other invocation is free either.
        scripts[slow] = static _ => new(TaskOutcome.Succeeded());
        await stragglers.UntilFinishedAsync(await stragglers.SubmitAsync());
        Assert.Equal("running", await place.ScalarAsync<string>(
            "SELECT k.state::text FROM tasks t, claim_of(t.queue_name, t.due_at, t.id) AS c, tickets k WHERE t.id = $1 AND k.id = c.ticket_id", straggler));
        open.SetResult(TaskOutcome.Succeeded());
        await stragglers.UntilDoneAsync();
        await Books.AssertAllEndedAsync(place, 5);
    }

    [Fact]
    public async Task Other_queues_are_served_while_the_only_invocation_has_no_place_for_more_of_its_own()
    {
        var open = new TaskCompletionSource<TaskOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        var scripts = new Scripts { [slow] = _ => new(open.Task), [quick] = static _ => new(TaskOutcome.Succeeded()) };
        await using var place = await Place.NewAsync();
        await using var host = await PipelineHost.StartAsync(place, new Dictionary<string, string>
        {
            ["AzureFunctionsJobHost__extensions__queues__batchSize"] = "1",
            ["AzureFunctionsJobHost__extensions__queues__newBatchThreshold"] = "0",
            ["AzureWebJobs.ExecuteUrgent.Disabled"] = "true",
            ["Millrace__Execute__Concurrency"] = "8",
        }, scripts);
        var (stragglers, others) = (new Work(place, host.Client, slow), new Work(place, host.Client, quick));
        await stragglers.SubmitManyAsync(40);
        await place.UntilAsync("(SELECT count(*) FROM tickets WHERE queue_name = $1 AND state = 'running') > 0", slow);

        for (var round = 0; round < 3; round++)
        {
            await others.UntilFinishedAsync(await others.SubmitAsync());
        }

        open.SetResult(TaskOutcome.Succeeded());
        await stragglers.UntilDoneAsync();
        await Books.AssertAllEndedAsync(place, 43);
    }
}
