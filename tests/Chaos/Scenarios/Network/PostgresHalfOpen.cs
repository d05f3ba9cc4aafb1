using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Network;

/// <summary>Packets to and from PostgreSQL vanish, and no connection is told.</summary>
internal sealed class PostgresHalfOpen : BrokenScenario
{
    internal override string Name => "postgres-half-open";

    internal override string Fault => "the network to PostgreSQL half open for 20 s";

    internal override int Tries => 20;

    protected override async Task BreakAndMendAsync(World world, CancellationToken cancellation)
    {
        foreach (var road in world.Fleet.Roads)
        {
            road.Postgres.HalfOpen();
        }

        await World.PauseAsync(20, cancellation);
        foreach (var road in world.Fleet.Roads)
        {
            road.Postgres.Pass();
        }
    }
}
