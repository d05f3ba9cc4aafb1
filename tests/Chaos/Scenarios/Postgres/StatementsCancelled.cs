using Millrace.Tests.Chaos.Faults;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Postgres;

/// <summary>Statements are cancelled wherever they are.</summary>
internal sealed class StatementsCancelled : BrokenScenario
{
    internal override string Name => "statements-cancelled";

    internal override string Fault => "statements cancelled, 20 a second for 30 s";

    protected override async Task BreakAndMendAsync(World world, CancellationToken cancellation)
    {
        await PostgresFaults.RepeatAsync(world, PostgresFaults.CancelOneStatement, 0.05, 30, cancellation);
    }
}
