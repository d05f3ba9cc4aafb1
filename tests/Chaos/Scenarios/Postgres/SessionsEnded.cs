using Millrace.Tests.Chaos.Faults;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Postgres;

/// <summary>An administrator ends sessions one after another.</summary>
internal sealed class SessionsEnded : BrokenScenario
{
    internal override string Name => "sessions-ended";

    internal override string Fault => "sessions of PostgreSQL terminated, two a second for 30 s";

    protected override async Task BreakAndMendAsync(World world, CancellationToken cancellation)
    {
        await PostgresFaults.RepeatAsync(world, PostgresFaults.EndOneSession, 0.5, 30, cancellation);
    }
}
