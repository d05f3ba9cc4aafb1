using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Network;

/// <summary>PostgreSQL is in another part of the world for a while.</summary>
internal sealed class SlowNetwork : BrokenScenario
{
    internal override string Name => "latency";

    internal override string Fault => "200 ms more to PostgreSQL for 30 s";

    protected override async Task BreakAndMendAsync(World world, CancellationToken cancellation)
    {
        foreach (var road in world.Fleet.Roads)
        {
            // A round trip has two directions.
            road.Postgres.Delay(TimeSpan.FromMilliseconds(100));
        }

        await World.PauseAsync(30, cancellation);
        foreach (var road in world.Fleet.Roads)
        {
            road.Postgres.Pass();
        }
    }
}
