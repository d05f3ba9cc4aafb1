using Millrace.Tests.Chaos.Faults;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Postgres;

/// <summary>PgBouncer in transaction mode dies with all its connections, and is started again.</summary>
internal sealed class PoolerKilled : BrokenScenario
{
    private Pooler pooler = null!;

    internal override string Name => "pooler-killed";

    internal override string Fault => "PgBouncer killed, and back after 10 s";

    internal override int Tries => 20;

    /// <summary>PgBouncer before 1.21 does not follow prepared statements.</summary>
    internal override IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string> { ["Millrace__Store__Prepare"] = "false" };

    internal override string? WhyNotHere() => Pooler.Program is null ? "PgBouncer is not installed; Debian's package is called pgbouncer." : null;

    internal override async Task PrepareAsync(World world, CancellationToken cancellation)
    {
        pooler = await Pooler.StartAsync(world.Servers.PostgresPort, world.Keeper.Watch, cancellation);
        world.Own(pooler);
        world.PostgresPort = pooler.Port;
    }

    protected override async Task BreakAndMendAsync(World world, CancellationToken cancellation)
    {
        await pooler.KillAsync(cancellation);
        await World.PauseAsync(10, cancellation);
        await pooler.RestartAsync(cancellation);
    }
}
