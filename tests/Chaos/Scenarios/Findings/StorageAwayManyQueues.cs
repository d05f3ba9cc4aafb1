using System.Globalization;
using Millrace.Local.Services;
using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Sending;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Findings;

/// <summary>
/// Three executors, ten queues, tasks without retries that come all the time, a quarter of them due later. Storage is away for 45 s and
/// no host is touched, so no attempt may be charged and nothing may die.
/// </summary>
internal sealed class StorageAwayManyQueues : Scenario
{
    private const int Queues = 10;
    private const int Seconds = 60;

    internal override string Name => "storage-away-busy";

    internal override string Fault => "Azurite killed for 45 s, 10 queues, 30 tasks a second";

    internal override int Tries => 20;

    internal override int Executors => 3;

    internal override Expectation Expected { get; } = new() { RunsOnce = true };

    internal override async Task PlayAsync(World world, CancellationToken cancellation)
    {
        var sending = SendAsync(world, cancellation);
        await world.UntilBegunAsync("many-0", 4, cancellation);

        world.FaultBegins();
        await world.Servers.KillAsync(ServerKind.Storage, cancellation);
        await World.PauseAsync(45, cancellation);
        await world.Servers.RestartAsync(ServerKind.Storage, wipeData: false, cancellation);
        world.FaultEnds();

        await sending;
    }

    /// <summary>Three tasks in each queue each second.</summary>
    private static async Task SendAsync(World world, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), TimeProvider.System);
        for (var second = 0; second < Seconds && await timer.WaitForNextTickAsync(cancellation); second++)
        {
            await Task.WhenAll(Enumerable.Range(0, Queues).Select(n => world.Sender.SendAsync(
                new Order(string.Create(CultureInfo.InvariantCulture, $"many-{n}"), 3) { MaxRetries = 0, DelaySeconds = (second + n) % 4 == 0 ? 3 : 0 }, cancellation)));
        }
    }
}
