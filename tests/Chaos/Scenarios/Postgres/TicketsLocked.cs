using Millrace.Tests.Chaos.Faults;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Postgres;

/// <summary>Somebody holds the table of tickets for himself, so no lease can be renewed.</summary>
internal sealed class TicketsLocked : BrokenScenario
{
    internal override string Name => "tickets-locked";

    internal override string Fault => "a lock held on tickets for 20 s";

    protected override async Task BreakAndMendAsync(World world, CancellationToken cancellation)
    {
        await using var held = await PostgresFaults.HoldAsync(world, "LOCK TABLE tickets IN ACCESS EXCLUSIVE MODE", cancellation);
        await World.PauseAsync(20, cancellation);
    }
}
