using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Faults;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Redis;

/// <summary>The accelerator forgets everything, again and again.</summary>
internal sealed class RedisEmptied : BrokenScenario
{
    internal override string Name => "redis-emptied";

    internal override string Fault => "Garnet emptied four times a second for 15 s";

    internal override Expectation Expected { get; } = new() { FreshDuringFault = true, RunsOnce = true };

    protected override async Task BreakAndMendAsync(World world, CancellationToken cancellation)
    {
        await using var keys = await RedisKeyspace.ConnectAsync(world.Servers.RedisPort);
        await keys.EmptyAsync(15, cancellation);
    }
}
