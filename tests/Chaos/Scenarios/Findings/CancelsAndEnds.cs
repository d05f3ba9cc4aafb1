using Millrace.Tests.Chaos.Faults;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Findings;

/// <summary>Statements are cancelled and sessions end at the same time; no process dies, so nothing may be charged.</summary>
internal sealed class CancelsAndEnds : BrokenScenario
{
    internal override string Name => "cancels-and-ends";

    internal override string Fault => "statements cancelled 20 a second, sessions ended one a second, for 40 s";

    internal override int Tries => 20;

    protected override Task BreakAndMendAsync(World world, CancellationToken cancellation) => Task.WhenAll(
        PostgresFaults.RepeatAsync(world, PostgresFaults.CancelOneStatement, 0.05, 40, cancellation),
        PostgresFaults.RepeatAsync(world, PostgresFaults.EndOneSession, 1, 40, cancellation));
}
