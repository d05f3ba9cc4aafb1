namespace Millrace.Tests.Chaos.Trying;

/// <summary>Mixed work is under way; something breaks, and is mended. No process dies unless the fault kills it.</summary>
internal abstract class BrokenScenario : Scenario
{
    /// <summary>Retries of the slow tasks: none, so that one wrong charge is a death, unless the fault kills executors.</summary>
    protected virtual int SlowRetries => 0;

    internal sealed override async Task PlayAsync(World world, CancellationToken cancellation)
    {
        await MixedWork.BeginAsync(world, SlowRetries, cancellation);
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var more = MixedWork.GoOnAsync(world, SlowRetries, enough.Task, cancellation);
        world.FaultBegins();
        await BreakAndMendAsync(world, cancellation);
        world.FaultEnds();
        enough.SetResult();
        await AfterwardsAsync(world, cancellation);
        await more;
    }

    /// <summary>Returns when the pipeline has again what it needs.</summary>
    protected abstract Task BreakAndMendAsync(World world, CancellationToken cancellation);

    /// <summary>What need not be there for work to go on.</summary>
    protected virtual Task AfterwardsAsync(World world, CancellationToken cancellation) => Task.CompletedTask;
}
