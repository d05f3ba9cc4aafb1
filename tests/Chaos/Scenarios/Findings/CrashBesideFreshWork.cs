using System.Globalization;
using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Sending;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Findings;

/// <summary>
/// 120 tasks of 8 s in four queues lose their executor. The work that a crash has left behind may not hold up the probes, which are of
/// another queue.
/// </summary>
internal sealed class CrashBesideFreshWork : Scenario
{
    private const int Queues = 4;

    internal override string Name => "crash-beside-fresh";

    internal override string Fault => "kill -9 with 120 tasks of 8 s in 4 queues, fresh work in a fifth";

    internal override int Tries => 20;

    /// <summary>What was interrupted comes back within 15 s, and then waits for a place: 90 tasks of 8 s want some 30, so the last may begin two rounds later.</summary>
    internal override Expectation Expected { get; } = new() { OldWithin = TimeSpan.FromSeconds(15 + (2 * 8)), RunsOnce = true };

    internal override int Executors => 1;

    internal override TimeSpan DrainWithin => TimeSpan.FromSeconds(120);

    internal override async Task PlayAsync(World world, CancellationToken cancellation)
    {
        for (var n = 0; n < Queues; n++)
        {
            await world.Sender.SendAsync(Order.Slow(string.Create(CultureInfo.InvariantCulture, $"long-{n}"), 30, seconds: 8), cancellation);
        }

        await world.UntilBegunAsync("long-3", 8, cancellation);

        world.FaultBegins();
        world.Fleet[0].Kill();
        await world.Fleet.StartAsync(1, cancellation);
        world.FaultEnds();
    }
}
