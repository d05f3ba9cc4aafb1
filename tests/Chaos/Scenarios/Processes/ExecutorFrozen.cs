using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Processes;

/// <summary>One of two executors sleeps through its leases, in the middle of mixed work, and wakes.</summary>
internal sealed class ExecutorFrozen : BrokenScenario
{
    internal override string Name => "freeze-one";

    internal override string Fault => "an executor frozen for 22 s";

    internal override int Tries => 20;

    internal override Expectation Expected { get; } = new() { FreshDuringFault = true, RunsOnce = true };

    /// <summary>A ticket that is lost to sleep is healed as if its executor had died; what that costs is given back when it wakes.</summary>
    protected override int SlowRetries => 3;

    protected override Task BreakAndMendAsync(World world, CancellationToken cancellation) =>
        world.Fleet.FreezeAsync(0, TimeSpan.FromSeconds(22), cancellation);
}
