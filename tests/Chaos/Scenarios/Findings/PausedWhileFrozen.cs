using Millrace.Tests.Chaos.Sending;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Findings;

/// <summary>
/// An executor sleeps for 22 s with work behind it, and its queue is paused meanwhile. What it held is given back, so on waking it may
/// begin nothing until the queue is resumed.
/// </summary>
internal sealed class PausedWhileFrozen : Scenario
{
    private const string Queue = "paused";

    internal override string Name => "frozen-and-paused";

    internal override string Fault => "an executor frozen for 22 s, its queue paused meanwhile";

    internal override int Executors => 1;

    internal override TimeSpan DrainWithin => TimeSpan.FromSeconds(60);

    /// <summary>All of them in one ticket, so that the quick ones wait behind the slow ones.</summary>
    internal override IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>
    {
        ["Millrace__Dispatch__FirstTicket"] = "200",
        ["Millrace__Dispatch__LargestTicket"] = "200",
        ["Millrace__Dispatch__TicketSeconds"] = "600",
    };

    internal override async Task PlayAsync(World world, CancellationToken cancellation)
    {
        // A queue is there once it has had a task.
        await world.Sender.SendAsync(new Order(Queue, 1), cancellation);
        await world.UntilBegunAsync(Queue, 1, cancellation);
        await world.Sender.PauseAsync(Queue, cancellation);
        await world.Sender.SendAsync(Order.Slow(Queue, 32, seconds: 4), cancellation);
        await world.Sender.SendAsync(new Order(Queue, 72), cancellation);

        // An executor that still waits for work of the queue would claim it bit by bit.
        await World.PauseAsync(8, cancellation);
        await world.Sender.ResumeAsync(Queue, cancellation);
        await world.UntilBegunAsync(Queue, 33, cancellation);

        world.FaultBegins();
        var frozen = world.Fleet.FreezeAsync(0, TimeSpan.FromSeconds(22), cancellation);
        await world.Fleet.StartAsync(1, cancellation);
        await world.Sender.PauseAsync(Queue, cancellation);
        await frozen;
        await World.PauseAsync(8, cancellation);
        await world.Sender.ResumeAsync(Queue, cancellation);
        world.FaultEnds();
    }
}
