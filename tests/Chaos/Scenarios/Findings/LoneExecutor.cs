using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Sending;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Findings;

/// <summary>An executor alone has a hundred tasks in one ticket, runs 32 of them, and then sleeps or is cut off for longer than its lease.</summary>
internal static class LoneExecutor
{
    internal static readonly TimeSpan Away = TimeSpan.FromSeconds(22);

    /// <summary>All of them in one ticket, so that most wait behind the first 32.</summary>
    internal static IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>
    {
        ["Millrace__Dispatch__FirstTicket"] = "200",
        ["Millrace__Dispatch__LargestTicket"] = "200",
        ["Millrace__Dispatch__TicketSeconds"] = "600",
    };

    /// <summary>Returns when the first 32 run.</summary>
    internal static async Task<IReadOnlyList<SentTask>> BeginAsync(World world, string queue, Order[] orders, CancellationToken cancellation)
    {
        // A queue is there once it has had a task.
        await world.Sender.SendAsync(new Order(queue, 1), cancellation);
        await world.UntilBegunAsync(queue, 1, cancellation);
        await world.Sender.PauseAsync(queue, cancellation);
        List<SentTask> tasks = [];
        foreach (var order in orders)
        {
            tasks.AddRange(await world.Sender.SendAsync(order, cancellation));
        }

        // An executor that still waits for work of the queue would claim it bit by bit.
        await World.PauseAsync(8, cancellation);
        await world.Sender.ResumeAsync(queue, cancellation);
        await world.UntilBegunAsync(queue, 33, cancellation);
        return tasks;
    }
}
