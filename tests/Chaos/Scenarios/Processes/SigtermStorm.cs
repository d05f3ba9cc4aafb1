using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Processes;

/// <summary>A roll-out that will not end: every four seconds an executor is asked to stop, and another takes its place.</summary>
internal sealed class SigtermStorm : BrokenScenario
{
    internal override string Name => "sigterm-storm";

    internal override string Fault => "SIGTERM to one executor after another for 30 s";

    internal override Expectation Expected { get; } = new() { FreshDuringFault = true };

    internal override int Executors => 3;

    protected override async Task BreakAndMendAsync(World world, CancellationToken cancellation)
    {
        world.Fleet.KeepAlive();
        for (var turn = 0; turn < 8; turn++)
        {
            world.Fleet[turn % 3].AskToStop();
            await World.PauseAsync(4, cancellation);
        }
    }
}
