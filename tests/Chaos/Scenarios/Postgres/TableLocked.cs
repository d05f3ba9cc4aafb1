using Millrace.Tests.Chaos.Faults;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Postgres;

/// <summary>Somebody holds a table for himself. While it is the tickets no lease can be renewed.</summary>
internal sealed class TableLocked(string table) : BrokenScenario
{
    internal override string Name => $"{table}-locked";

    internal override string Fault => $"a lock held on {table} for 20 s";

    protected override async Task BreakAndMendAsync(World world, CancellationToken cancellation)
    {
        await using var held = await PostgresFaults.HoldAsync(world, $"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE", cancellation);
        await World.PauseAsync(20, cancellation);
    }
}
