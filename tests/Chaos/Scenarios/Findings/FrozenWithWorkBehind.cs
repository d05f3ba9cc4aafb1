using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Faults;
using Millrace.Tests.Chaos.Sending;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Findings;

/// <summary>
/// An executor alone runs 32 tasks of 4 s, has 72 more behind them, and is away for 22 s. Others do its work, some of which is cancelled
/// meanwhile. When it is back it may begin nothing of all that.
/// </summary>
/// <param name="name">A word.</param>
/// <param name="how">In words, for the table.</param>
/// <param name="goAwayAsync">How it is away.</param>
internal sealed class FrozenWithWorkBehind(string name, string how, Func<World, CancellationToken, Task> goAwayAsync) : Scenario
{
    private const string Queue = "behind";
    private const int Cancelled = 36;

    internal static FrozenWithWorkBehind Asleep { get; } =
        new("frozen-with-work", "frozen", static (world, cancellation) => world.Fleet.FreezeAsync(0, LoneExecutor.Away, cancellation));

    internal static IReadOnlyList<FrozenWithWorkBehind> EveryWay { get; } =
    [
        Asleep,
        new("cut-off-with-work", "cut off from PostgreSQL", static (world, cancellation) => world.Fleet.CutOffAsync(0, LoneExecutor.Away, areDead: false, cancellation)),
        new("cut-off-for-good", "cut off from PostgreSQL, its connections dead afterwards,",
            static (world, cancellation) => world.Fleet.CutOffAsync(0, LoneExecutor.Away, areDead: true, cancellation)),
    ];

    internal override string Name => name;

    internal override string Fault => $"an executor {how} for 22 s with work behind it, others finish or cancel it";

    internal override int Tries => 20;

    internal override int Executors => 1;

    internal override Expectation Expected { get; } = new() { RunsOnce = true };

    internal override TimeSpan DrainWithin => TimeSpan.FromSeconds(60);

    internal override IReadOnlyDictionary<string, string> Settings => LoneExecutor.Settings;

    internal override async Task PlayAsync(World world, CancellationToken cancellation)
    {
        var tasks = await LoneExecutor.BeginAsync(world, Queue, [Order.Slow(Queue, 104, seconds: 4)], cancellation);

        world.FaultBegins();
        var away = goAwayAsync(world, cancellation);
        await world.Fleet.StartAsync(1, cancellation);
        await world.Sender.PauseAsync(Queue, cancellation);
        await CancelAsync(world, tasks, away, cancellation);
        await world.Sender.ResumeAsync(Queue, cancellation);
        await away;
        world.FaultEnds();
        if (world.Sender.Cancelled.Count == 0)
        {
            throw new InvalidOperationException("Nothing was cancelled before it was back, so nothing could begin too late. Let it be away for longer.");
        }
    }

    /// <summary>Cancels what it would begin next, once its lease is over and nobody holds it: such a cancel is answered with 200.</summary>
    private static async Task CancelAsync(World world, IReadOnlyList<SentTask> tasks, Task away, CancellationToken cancellation)
    {
        while (!away.IsCompleted && await PostgresFaults.ClaimsOfAsync(world, Queue, cancellation) > 0)
        {
            await World.PauseAsync(0.25, cancellation);
        }

        var begun = world.Witness.Read().Select(static line => line.Task).ToHashSet();
        foreach (var task in tasks.Where(task => !begun.Contains(task.Id)).Take(Cancelled).TakeWhile(_ => !away.IsCompleted))
        {
            await world.Sender.CancelAsync(task.Id, cancellation);
        }
    }
}
