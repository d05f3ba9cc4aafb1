using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Sending;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Processes;

/// <summary>One of two executors is killed in the middle of mixed work, at a moment that nobody chose.</summary>
internal sealed class KilledAtRandom : Scenario
{
    internal override string Name => "kill-one";

    internal override string Fault => "kill -9 of an executor, at random";

    internal override int Tries => 20;

    internal override Expectation Expected => new() { FreshDuringFault = true, RunsOnce = true };

    internal override async Task PlayAsync(World world, CancellationToken cancellation)
    {
        await world.Sender.SendAsync(Order.Slow("slow", 40, seconds: 3), cancellation);
        await world.Sender.SendAsync(new Order("quick", 400) { Data = new(Failures: 1) }, cancellation);
        await world.UntilBegunAsync("slow", 20, cancellation);
        await World.PauseAsync(Random.Shared.NextDouble() * 2, cancellation);

        world.FaultBegins();
        world.Fleet[0].Kill();
        await world.Fleet[0].Ended;
        world.FaultEnds();

        await world.Fleet.StartAsync(0, cancellation);
    }
}
