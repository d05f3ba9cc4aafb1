using Millrace.Tests.Chaos.Faults;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Postgres;

/// <summary>One session sleeps, with whatever locks it holds.</summary>
internal sealed class SessionFrozen : BrokenScenario
{
    internal override string Name => "session-frozen";

    internal override string Fault => "one session of PostgreSQL frozen for 22 s";

    internal override int Tries => 20;

    protected override async Task BreakAndMendAsync(World world, CancellationToken cancellation)
    {
        await FrozenProcesses.FreezeAsync([await PostgresFaults.AnySessionAsync(world, cancellation)], 22, cancellation);
    }
}
