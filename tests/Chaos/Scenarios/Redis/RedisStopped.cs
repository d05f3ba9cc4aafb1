using Millrace.Local.Services;
using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Redis;

/// <summary>The accelerator is away, and comes back empty.</summary>
internal sealed class RedisStopped : BrokenScenario
{
    internal override string Name => "redis-stopped";

    internal override string Fault => "Garnet killed, and back after 20 s";

    internal override int Tries => 20;

    internal override Expectation Expected { get; } = new() { FreshDuringFault = true, RunsOnce = true };

    protected override async Task BreakAndMendAsync(World world, CancellationToken cancellation)
    {
        await world.Servers.KillAsync(ServerKind.Redis, cancellation);
        await World.PauseAsync(20, cancellation);
        await world.Servers.RestartAsync(ServerKind.Redis, wipeData: true, cancellation);
    }
}
