using Millrace.Tests.Chaos.Handlers;
using Millrace.Tests.Chaos.Sending;

namespace Millrace.Tests.Chaos.Trying;

/// <summary>
/// The work around most faults: slow tasks that run while it happens, quick ones that fail once, some that are due later, and some that
/// are cancelled before they begin.
/// </summary>
internal static class MixedWork
{
    internal const string SlowQueue = "slow";

    private const int Begun = 24;
    private const int Doomed = 10;

    /// <summary>Returns once the work is under way.</summary>
    internal static async Task BeginAsync(World world, int slowRetries, CancellationToken cancellation)
    {
        await world.Sender.SendAsync(Order.Slow(SlowQueue, 96, seconds: 3, slowRetries), cancellation);
        await world.Sender.SendAsync(new Order("flaky", 200) { Data = new ChaosData(Failures: 1) }, cancellation);
        await world.Sender.SendAsync(new Order("later", 60) { DelaySeconds = 8, MaxRetries = slowRetries }, cancellation);
        var doomed = await world.Sender.SendAsync(new Order("doomed", Doomed) { DelaySeconds = 20 }, cancellation);
        foreach (var task in doomed)
        {
            await world.Sender.CancelAsync(task.Id, cancellation);
        }

        await world.UntilBegunAsync(SlowQueue, Begun, cancellation);
    }

    /// <summary>More comes all the time until it is enough, so that the fault meets work from its beginning to its end.</summary>
    internal static async Task GoOnAsync(World world, int slowRetries, Task enough, CancellationToken cancellation)
    {
        while (!enough.IsCompleted)
        {
            await world.Sender.SendAsync(Order.Slow(SlowQueue, 16, seconds: 3, slowRetries), cancellation);
            await world.Sender.SendAsync(new Order("flaky", 20) { Data = new ChaosData(Failures: 1) }, cancellation);
            await Task.WhenAny(enough, World.PauseAsync(2, cancellation));
        }
    }
}
