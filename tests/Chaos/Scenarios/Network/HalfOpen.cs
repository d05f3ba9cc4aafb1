using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Hosting;
using Millrace.Tests.Chaos.Network;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Network;

/// <summary>Nothing arrives at a server or from it, and no connection is told. What was sent arrives when the network is back.</summary>
/// <param name="server">In a word.</param>
/// <param name="relays">Those between an executor and the server.</param>
/// <param name="expected">What the server's absence leaves free.</param>
internal sealed class HalfOpen(string server, Func<ExecutorRoads, Relay[]> relays, Expectation expected) : BrokenScenario
{
    internal static IReadOnlyList<HalfOpen> EveryServer { get; } =
    [
        new("PostgreSQL", static road => [road.Postgres], new()),
        new("storage", static road => road.Storage, new() { RunsOnce = true }),
        new("Redis", static road => [road.Redis], new() { FreshDuringFault = true, RunsOnce = true }),
    ];

    internal override string Name => $"{(server == "PostgreSQL" ? "postgres" : server.ToLowerInvariant())}-half-open";

    internal override string Fault => $"the network to {server} half open for 20 s";

    internal override int Tries => 20;

    internal override Expectation Expected => expected;

    protected override async Task BreakAndMendAsync(World world, CancellationToken cancellation)
    {
        foreach (var relay in world.Fleet.Roads.SelectMany(relays))
        {
            relay.HalfOpen();
        }

        await World.PauseAsync(20, cancellation);
        foreach (var relay in world.Fleet.Roads.SelectMany(relays))
        {
            relay.Pass();
        }
    }
}
