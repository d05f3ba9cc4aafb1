using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Network;

/// <summary>Something in between resets connections.</summary>
internal sealed class ConnectionsCut : BrokenScenario
{
    internal override string Name => "connections-cut";

    internal override string Fault => "every connection to every server cut, twice a second for 20 s";

    protected override async Task BreakAndMendAsync(World world, CancellationToken cancellation)
    {
        for (var cut = 0; cut < 40; cut++)
        {
            foreach (var relay in world.Fleet.Roads.SelectMany(static road => road.All))
            {
                relay.Cut();
            }

            await World.PauseAsync(0.5, cancellation);
        }
    }
}
