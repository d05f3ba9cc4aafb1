using Millrace.Local.Services;
using Millrace.Tests.Chaos.Places;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Postgres;

/// <summary>PostgreSQL ends without a checkpoint, and recovers.</summary>
internal sealed class PostgresKilled : BrokenScenario
{
    internal override string Name => "postgres-immediate";

    internal override string Fault => "PostgreSQL stopped at once, started again after 8 s";

    internal override int Tries => 20;

    protected override async Task BreakAndMendAsync(World world, CancellationToken cancellation)
    {
        Native.Send(world.Servers.Process(ServerKind.Postgres), Native.Quit);
        await World.PauseAsync(8, cancellation);
        await world.Servers.RestartAsync(ServerKind.Postgres, wipeData: false, cancellation);
    }
}
