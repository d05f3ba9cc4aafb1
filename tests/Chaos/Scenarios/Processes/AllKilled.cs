using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Processes;

/// <summary>Every executor is killed at the same moment. The fault ends when the first of their successors answers.</summary>
internal sealed class AllKilled : BrokenScenario
{
    internal override string Name => "kill-all";

    internal override string Fault => "kill -9 of all executors at once";

    internal override int Tries => 20;

    internal override Expectation Expected { get; } = new() { RunsOnce = true };

    protected override int SlowRetries => 3;

    protected override async Task BreakAndMendAsync(World world, CancellationToken cancellation)
    {
        await World.PauseAsync(Random.Shared.NextDouble() * 2, cancellation);
        foreach (var executor in world.Fleet.Living)
        {
            executor.Kill();
        }

        await world.Fleet.StartAsync(0, cancellation);
    }

    protected override Task AfterwardsAsync(World world, CancellationToken cancellation) => world.Fleet.StartAsync(1, cancellation);
}
