using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Network;

/// <summary>A firewall closes, and opens again.</summary>
internal sealed class ConnectionsRefused : BrokenScenario
{
    internal override string Name => "connections-refused";

    internal override string Fault => "every server refuses new connections for 20 s, and those that are there are cut";

    internal override int Tries => 20;

    protected override async Task BreakAndMendAsync(World world, CancellationToken cancellation)
    {
        foreach (var relay in world.Fleet.Roads.SelectMany(static road => road.All))
        {
            relay.Refuse();
            relay.Cut();
        }

        await World.PauseAsync(20, cancellation);
        foreach (var relay in world.Fleet.Roads.SelectMany(static road => road.All))
        {
            relay.Pass();
        }
    }
}
