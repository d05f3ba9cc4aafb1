using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Faults;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Storage;

/// <summary>Messages are hints: whatever happens to them, work goes on.</summary>
internal sealed class MessagesMeddledWith(Mischief mischief, string participle) : BrokenScenario
{
    internal static IReadOnlyList<MessagesMeddledWith> EveryWay { get; } =
    [
        new(Mischief.Lose, "lost"), new(Mischief.Double, "doubled"), new(Mischief.Delay, "delayed"),
        new(Mischief.Shuffle, "shuffled"), new(Mischief.Garble, "garbled"), new(Mischief.Invent, "invented"),
    ];

    internal override string Name => $"messages-{participle}";

    internal override string Fault => $"messages {participle} for 20 s";

    internal override Expectation Expected { get; } = new() { FreshDuringFault = true, RunsOnce = true };

    protected override async Task BreakAndMendAsync(World world, CancellationToken cancellation)
    {
        if (await new MessageFaults(world).MeddleAsync(mischief, 20, cancellation) == 0)
        {
            throw new InvalidOperationException("No message was met. Send work that needs some.");
        }
    }
}
