using Millrace.Local.Services;
using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Faults;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Redis;

/// <summary>The accelerator hangs.</summary>
internal sealed class RedisFrozen : BrokenScenario
{
    internal override string Name => "redis-frozen";

    internal override string Fault => "Garnet frozen for 22 s";

    internal override int Tries => 20;

    internal override Expectation Expected { get; } = new() { FreshDuringFault = true, RunsOnce = true };

    protected override async Task BreakAndMendAsync(World world, CancellationToken cancellation)
    {
        await FrozenProcesses.FreezeAsync([world.Servers.Process(ServerKind.Redis)], 22, cancellation);
    }
}
