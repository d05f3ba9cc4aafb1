using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Network;

/// <summary>Packets to and from storage vanish, and no connection is told.</summary>
internal sealed class StorageHalfOpen : BrokenScenario
{
    internal override string Name => "storage-half-open";

    internal override string Fault => "the network to storage half open for 20 s";

    internal override int Tries => 20;

    protected override async Task BreakAndMendAsync(World world, CancellationToken cancellation)
    {
        foreach (var relay in world.Fleet.Roads.SelectMany(static road => road.Storage))
        {
            relay.HalfOpen();
        }

        await World.PauseAsync(20, cancellation);
        foreach (var relay in world.Fleet.Roads.SelectMany(static road => road.Storage))
        {
            relay.Pass();
        }
    }
}
