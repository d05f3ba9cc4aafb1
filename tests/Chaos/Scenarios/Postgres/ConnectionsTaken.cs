using Millrace.Tests.Chaos.Faults;
using Millrace.Tests.Chaos.Trying;
using Npgsql;

namespace Millrace.Tests.Chaos.Scenarios.Postgres;

/// <summary>Somebody else has all connections; those of the pipeline that break are not had again.</summary>
internal sealed class ConnectionsTaken : BrokenScenario
{
    internal override string Name => "connections-exhausted";

    internal override string Fault => "others take every connection of PostgreSQL for 20 s";

    protected override async Task BreakAndMendAsync(World world, CancellationToken cancellation)
    {
        List<NpgsqlConnection> taken = [.. await PostgresFaults.TakeConnectionsAsync(world, cancellation)];
        for (var look = 0; look < 80; look++)
        {
            // Those of the pipeline end one after another, and what they leave is taken, too.
            await PostgresFaults.EndSessionsFromAsync(taken[0], cancellation);
            await World.PauseAsync(0.25, cancellation);
            taken.AddRange(await PostgresFaults.TakeConnectionsAsync(world, cancellation));
        }

        foreach (var connection in taken)
        {
            await connection.DisposeAsync();
        }
    }
}
