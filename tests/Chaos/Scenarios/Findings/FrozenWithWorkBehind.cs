using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Faults;
using Millrace.Tests.Chaos.Sending;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Findings;

/// <summary>
/// An executor alone runs 32 tasks of 4 s, has 72 more behind them, and sleeps for 22 s. Others do its work, some of which is cancelled
/// meanwhile. After waking it may begin nothing of all that.
/// </summary>
internal sealed class FrozenWithWorkBehind : Scenario
{
    private const string Queue = "behind";
    private const int Cancelled = 36;

    internal override string Name => "frozen-with-work";

    internal override string Fault => "an executor frozen for 22 s with work behind it, others finish or cancel it";

    internal override int Tries => 20;

    internal override int Executors => 1;

    internal override TimeSpan DrainWithin => TimeSpan.FromSeconds(60);

    /// <summary>All of them in one ticket, so that most wait behind the first 32.</summary>
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
        var tasks = await world.Sender.SendAsync(Order.Slow(Queue, 104, seconds: 4), cancellation);

        // An executor that still waits for work of the queue would claim it bit by bit.
        await World.PauseAsync(8, cancellation);
        await world.Sender.ResumeAsync(Queue, cancellation);
        await world.UntilBegunAsync(Queue, 33, cancellation);

        world.FaultBegins();
        var frozen = world.Fleet.FreezeAsync(0, TimeSpan.FromSeconds(22), cancellation);
        await world.Fleet.StartAsync(1, cancellation);
        await world.Sender.PauseAsync(Queue, cancellation);
        await CancelAsync(world, tasks, frozen, cancellation);
        await world.Sender.ResumeAsync(Queue, cancellation);
        await frozen;
        world.FaultEnds();
    }

    /// <summary>Cancels what the sleeper would begin next, once its lease is over and nobody holds it: such a cancel is answered with 200.</summary>
    private static async Task CancelAsync(World world, IReadOnlyList<SentTask> tasks, Task frozen, CancellationToken cancellation)
    {
        while (!frozen.IsCompleted && await PostgresFaults.ClaimsOfAsync(world, Queue, cancellation) > 0)
        {
            await World.PauseAsync(0.25, cancellation);
        }

        var begun = world.Witness.Read().Select(static line => line.Task).ToHashSet();
        foreach (var task in tasks.Where(task => !begun.Contains(task.Id)).Take(Cancelled).TakeWhile(_ => !frozen.IsCompleted))
        {
            await world.Sender.CancelAsync(task.Id, cancellation);
        }
    }
}
