using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Hosting;
using Millrace.Tests.Chaos.Places;
using Millrace.Tests.Chaos.Trying;
using Millrace.Tests.Chaos.Witnessing;

namespace Millrace.Tests.Chaos.Scenarios.Processes;

/// <summary>A roll-out that will not end: every four seconds an executor is stopped in order, and another takes its place.</summary>
/// <param name="name">The word.</param>
/// <param name="how">In words, for the table.</param>
/// <param name="signal">What it is sent.</param>
/// <param name="drains">Whether it is told to take no more first, as Kubernetes does, and has two seconds to finish.</param>
internal sealed class StopStorm(string name, string how, int signal, bool drains = false) : BrokenScenario
{
    private const double TimeToFinish = 2;

    internal static IReadOnlyList<StopStorm> EveryWay { get; } =
    [
        new("sigterm-storm", "SIGTERM", Native.Terminate),
        new("sigint-storm", "SIGINT", Native.Interrupt),
        new("drain-storm", "drain mode, and SIGTERM after 2 s,", Native.Terminate, drains: true),
    ];

    internal override string Name => name;

    internal override string Fault => $"{how} to one executor after another for 30 s";

    internal override Expectation Expected { get; } = new() { FreshDuringFault = true, RunsOnce = true };

    internal override int Executors => 3;

    protected override async Task BreakAndMendAsync(World world, CancellationToken cancellation)
    {
        world.Fleet.KeepAlive();
        for (var turn = 0; turn < 8; turn++)
        {
            await StopAsync(world.Fleet[turn % 3], cancellation);
            await World.PauseAsync(4, cancellation);
        }

        if (!world.Witness.Read().Any(static line => line.Event == WitnessEvent.Stopped))
        {
            throw new InvalidOperationException("No executor was stopped in the middle of a handler. Send more work.");
        }
    }

    private async Task StopAsync(ExecutorProcess executor, CancellationToken cancellation)
    {
        if (drains)
        {
            await executor.DrainAsync(cancellation);
            await World.PauseAsync(TimeToFinish, cancellation);
        }

        executor.AskToStop(signal);
    }
}
