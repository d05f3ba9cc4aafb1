using Millrace.Tests.Chaos.Faults;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Postgres;

/// <summary>One session sleeps in the middle of a transaction that has written, with all that it has locked.</summary>
internal sealed class SessionFrozen : BrokenScenario
{
    internal override string Name => "session-frozen";

    internal override string Fault => "one session of PostgreSQL frozen for 22 s";

    internal override int Tries => 20;

    protected override async Task BreakAndMendAsync(World world, CancellationToken cancellation)
    {
        var session = await PostgresFaults.StopOneThatWritesAsync(world, cancellation);
        await FrozenProcesses.FreezeAsync([session], 22, cancellation);
    }
}
