using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Faults;
using Millrace.Tests.Chaos.Handlers;
using Millrace.Tests.Chaos.Sending;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Findings;

/// <summary>
/// A task kills every process that runs it, among neighbours that do no harm and may not be tried often. It ends as poison after its
/// attempts, and takes nobody along twice.
/// </summary>
internal sealed class KillerAmongNeighbours : Scenario
{
    private const string Queue = "neighbours";

    internal override string Name => "killer-task";

    internal override string Fault => "a task that kills its process, among 40 others with one retry";

    internal override int Tries => 20;

    internal override Expectation Expected { get; } = new() { FreshDuringFault = true, RunsOnce = true, MostCharges = 1 };

    internal override TimeSpan DrainWithin => TimeSpan.FromSeconds(150);

    internal override async Task PlayAsync(World world, CancellationToken cancellation)
    {
        world.Fleet.KeepAlive();
        await world.Sender.SendAsync(Order.Slow(Queue, 40, seconds: 3, maxRetries: 1), cancellation);
        await world.UntilBegunAsync(Queue, 20, cancellation);

        world.FaultBegins();
        var killer = (await world.Sender.SendAsync(new Order(Queue, 1) { Type = TaskTypes.Killer, MaxRetries = 2, Priority = 10 }, cancellation))[0];
        await World.UntilAsync(
            "the killer was buried", () => PostgresFaults.IsDeadAsync(world, killer.Id, cancellation), TimeSpan.FromSeconds(150), cancellation);
        world.FaultEnds();
    }
}
