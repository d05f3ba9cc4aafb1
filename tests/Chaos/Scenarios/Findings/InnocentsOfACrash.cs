using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Sending;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Findings;

/// <summary>Many tasks run in a process that is killed. All of them go on soon on the others, which have places free.</summary>
internal sealed class InnocentsOfACrash(int count, double seconds) : Scenario
{
    private const string Queue = "innocent";

    internal override string Name => $"innocents-{count}";

    internal override string Fault => $"kill -9 with {count} tasks of {seconds:0} s running";

    internal override int Tries => 20;

    internal override int Executors => 1;

    /// <summary>Places for all of them, in each executor.</summary>
    internal override IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string> { ["WORKER_CONCURRENCY"] = "160" };

    internal override TimeSpan DrainWithin => TimeSpan.FromSeconds(60 + (2 * seconds));

    internal override Expectation Expected { get; } = new() { RunsOnce = true };

    internal override async Task PlayAsync(World world, CancellationToken cancellation)
    {
        await world.Sender.SendAsync(Order.Slow(Queue, count, seconds), cancellation);
        await world.UntilBegunAsync(Queue, count, cancellation);
        await world.Fleet.StartAsync(1, cancellation);
        await world.Fleet.StartAsync(2, cancellation);

        if (world.Witness.Read().Any(static line => line.Queue == Queue && line.Event != Witnessing.WitnessEvent.Begin))
        {
            throw new InvalidOperationException("Some had ended before the others could start. Let them run for longer.");
        }

        world.FaultBegins();
        world.Fleet[0].Kill();
        await world.Fleet[0].Ended;
        world.FaultEnds();
    }
}
