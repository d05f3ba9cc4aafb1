using Millrace.Tests.Chaos.Faults;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Postgres;

/// <summary>Somebody else has all connections; those of the pipeline that break are not had again.</summary>
internal sealed class ConnectionsTaken : BrokenScenario
{
    internal override string Name => "connections-exhausted";

    internal override string Fault => "others take every connection of PostgreSQL for 20 s";

    protected override async Task BreakAndMendAsync(World world, CancellationToken cancellation)
    {
        var taken = await PostgresFaults.TakeConnectionsAsync(world, cancellation);
        await PostgresFaults.EndSessionsFromAsync(taken[0], cancellation);
        taken = [.. taken, .. await PostgresFaults.TakeConnectionsAsync(world, cancellation)];
        await World.PauseAsync(20, cancellation);
        foreach (var connection in taken)
        {
            await connection.DisposeAsync();
        }
    }
}
