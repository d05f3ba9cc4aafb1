using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Faults;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Storage;

/// <summary>Messages are hints: whatever happens to them, work goes on.</summary>
internal sealed class MessagesLost : BrokenScenario
{
    internal override string Name => "messages-lost";

    internal override string Fault => "messages lost for 20 s";

    internal override Expectation Expected { get; } = new() { FreshDuringFault = true };

    protected override async Task BreakAndMendAsync(World world, CancellationToken cancellation)
    {
        await new MessageFaults(world).MeddleAsync(Mischief.Lose, 20, cancellation);
    }
}
