using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Faults;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Redis;

/// <summary>The accelerator holds what nobody of ours has written.</summary>
internal sealed class RedisGarbage : BrokenScenario
{
    internal override string Name => "redis-garbage";

    internal override string Fault => "garbage in the keys of Garnet and on its channel for 15 s";

    internal override Expectation Expected { get; } = new() { FreshDuringFault = true, RunsOnce = true };

    protected override async Task BreakAndMendAsync(World world, CancellationToken cancellation)
    {
        await using var keys = await RedisKeyspace.ConnectAsync(world.Servers.RedisPort);
        await keys.SpoilAsync(15, cancellation);
    }
}
