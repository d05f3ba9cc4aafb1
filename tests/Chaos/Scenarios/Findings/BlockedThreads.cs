using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Faults;
using Millrace.Tests.Chaos.Handlers;
using Millrace.Tests.Chaos.Sending;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Findings;

/// <summary>200 tasks without retries block their threads for 8 s each, while the API is asked. No lease may be lost to that.</summary>
internal sealed class BlockedThreads : Scenario
{
    private const string Queue = "blocking";

    internal override string Name => "blocked-threads";

    internal override string Fault => "200 handlers that block their thread for 8 s";

    internal override int Tries => 20;

    internal override TimeSpan DrainWithin => TimeSpan.FromSeconds(120);

    internal override Expectation Expected { get; } = new() { RunsOnce = true };

    internal override async Task PlayAsync(World world, CancellationToken cancellation)
    {
        world.FaultBegins();
        await world.Sender.SendAsync(new Order(Queue, 200) { Type = TaskTypes.Blocking, Data = new(8), MaxRetries = 0 }, cancellation);
        await World.UntilAsync(
            "every blocking task had ended", async () => await PostgresFaults.LiveOfAsync(world, Queue, cancellation) == 0, TimeSpan.FromSeconds(180), cancellation);
        world.FaultEnds();
    }
}
