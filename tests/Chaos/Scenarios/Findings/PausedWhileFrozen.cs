using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Sending;
using Millrace.Tests.Chaos.Trying;
using Millrace.Tests.Chaos.Witnessing;

namespace Millrace.Tests.Chaos.Scenarios.Findings;

/// <summary>
/// An executor alone runs 32 tasks, has quick ones behind them, and sleeps. Its queue is paused meanwhile, so after waking it may begin nothing
/// until the queue is resumed.
/// </summary>
internal sealed class PausedWhileFrozen : Scenario
{
    private const string Queue = "paused";

    internal override string Name => "frozen-and-paused";

    internal override string Fault => "an executor frozen for 22 s, its queue paused meanwhile";

    internal override int Tries => 20;

    internal override int Executors => 1;

    internal override Expectation Expected { get; } = new() { RunsOnce = true };

    internal override TimeSpan DrainWithin => TimeSpan.FromSeconds(60);

    internal override IReadOnlyDictionary<string, string> Settings => LoneExecutor.Settings;

    internal override async Task PlayAsync(World world, CancellationToken cancellation)
    {
        await LoneExecutor.BeginAsync(world, Queue, [Order.Slow(Queue, 32, seconds: 4), new Order(Queue, 72)], cancellation);

        world.FaultBegins();
        var began = Monotonic.Now;
        var frozen = world.Fleet.FreezeAsync(0, LoneExecutor.Away, cancellation);
        await world.Fleet.StartAsync(1, cancellation);
        await world.Sender.PauseAsync(Queue, cancellation);
        if (Monotonic.Now > began + Judging.BeginRules.Lease)
        {
            throw new InvalidOperationException("The queue was paused only after the lease: the other executor may have begun its work before. Give it more processors.");
        }

        await frozen;
        await World.PauseAsync(8, cancellation);
        await world.Sender.ResumeAsync(Queue, cancellation);
        world.FaultEnds();
    }
}
