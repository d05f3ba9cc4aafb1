using Millrace.Tests.Chaos.Faults;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Postgres;

/// <summary>PostgreSQL sleeps for longer than a lease, and wakes as if nothing had been.</summary>
internal sealed class PostgresFrozen : BrokenScenario
{
    internal override string Name => "postgres-frozen";

    internal override string Fault => "PostgreSQL and all its sessions frozen for 22 s";

    internal override int Tries => 20;

    protected override async Task BreakAndMendAsync(World world, CancellationToken cancellation)
    {
        await PostgresFaults.FreezeAsync(world, 22, cancellation);
    }
}
