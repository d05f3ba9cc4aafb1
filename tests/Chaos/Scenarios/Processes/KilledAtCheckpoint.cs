using System.Globalization;
using System.Text;
using Azure.Storage.Queues;
using Millrace.Queues;
using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Faults;
using Millrace.Tests.Chaos.Hosting;
using Millrace.Tests.Chaos.Sending;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Processes;

/// <summary>
/// Two executors kill themselves when they first come to a numbered point between two effects (docs/architecture.md, "Crash
/// checkpoints"). Others take their places, as on a platform that keeps its instances.
/// </summary>
internal sealed class KilledAtCheckpoint(int number) : Scenario
{
    /// <summary>The last number that docs/architecture.md lists.</summary>
    internal const int Last = 12;

    private const int Healing = 9;
    private const int HealingPoison = 11;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan BetweenWaves = TimeSpan.FromSeconds(8);

    internal override string Name => string.Create(CultureInfo.InvariantCulture, $"checkpoint-{number}");

    internal override string Fault => string.Create(CultureInfo.InvariantCulture, $"kill -9 at checkpoint {number}");

    internal override int Tries => 20;

    /// <summary>From the one on that needs others to die first, nobody is left for a while.</summary>
    internal override Expectation Expected => new() { FreshDuringFault = number < Healing, RunsOnce = true };

    internal override async Task PlayAsync(World world, CancellationToken cancellation)
    {
        // Where others have to heal, those that die leave some behind.
        await world.Sender.SendAsync(Order.Slow("slow", 40, seconds: number < Healing ? 3 : 12), cancellation);
        await world.UntilBegunAsync("slow", 20, cancellation);
        world.FaultBegins();
        var deadly = new Dictionary<string, string> { ["MILLRACE_KILL_AT"] = number.ToString(CultureInfo.InvariantCulture) };
        await world.Fleet.StartAsync(2, cancellation, deadly);
        await world.Fleet.StartAsync(3, cancellation, deadly);
        var both = new[] { world.Fleet[2], world.Fleet[3] };
        if (number < Healing)
        {
            world.Fleet.KeepAlive();
        }

        await BringAboutAsync(world, cancellation);
        await UntilOneDiedAsync(world, both, cancellation);
        await EndTheOtherAsync(both, cancellation);
        if (number >= Healing)
        {
            // Only now: before, others would have done the healing.
            await world.Fleet.StartAsync(0, cancellation);
            world.Fleet.KeepAlive();
        }

        world.FaultEnds();
    }

    /// <summary>It has a moment to die by itself. The time after the fault is without deaths.</summary>
    private static async Task EndTheOtherAsync(IReadOnlyList<ExecutorProcess> deadly, CancellationToken cancellation)
    {
        await Task.WhenAny(Task.WhenAll(deadly.Select(static one => one.Ended)), World.PauseAsync(3, cancellation));
        foreach (var one in deadly)
        {
            one.Kill();
        }
    }

    /// <summary>Executors that live may do all the work of one wave before the deadly ones come to their point.</summary>
    private static async Task UntilOneDiedAsync(World world, IReadOnlyList<ExecutorProcess> deadly, CancellationToken cancellation)
    {
        var lastWave = TimeProvider.System.GetTimestamp();
        await World.UntilAsync("an executor died at its checkpoint", async () =>
        {
            if (TimeProvider.System.GetElapsedTime(lastWave) > BetweenWaves)
            {
                lastWave = TimeProvider.System.GetTimestamp();
                await SendWaveAsync(world, cancellation);
            }

            return deadly.Any(static one => one.Ended.IsCompleted);
        }, Patience, cancellation);
    }

    private static async Task SendWaveAsync(World world, CancellationToken cancellation)
    {
        await world.Sender.SendAsync(new Order("flaky", 300) { Data = new(Failures: 1) }, cancellation);
        await world.Sender.SendAsync(new Order("later", 60) { DelaySeconds = 3 }, cancellation);
    }

    /// <summary>Whatever it takes to come to the point.</summary>
    private async Task BringAboutAsync(World world, CancellationToken cancellation)
    {
        if (number >= Healing)
        {
            // Those that do not die by themselves leave tickets behind, and leave the healing to those that do.
            world.Fleet[0].Kill();
            world.Fleet[1].Kill();
        }

        if (number == HealingPoison)
        {
            await GiveUpOnTicketsAsync(world, cancellation);
        }

        if (number == Last)
        {
            await world.Sender.SendAsync(new Order("pile", 1_100) { DelaySeconds = 45 }, cancellation);
            await world.Sender.MoveAsync("pile", "pile-b", cancellation);
            return;
        }

        await SendWaveAsync(world, cancellation);
    }

    /// <summary>Every ticket there is, as if the Functions host had given up on its message.</summary>
    private static async Task GiveUpOnTicketsAsync(World world, CancellationToken cancellation)
    {
        var poison = new QueueClient(world.Servers.Storage, QueueNames.TicketsPoison);
        foreach (var (ticket, queue) in await PostgresFaults.TicketsAsync(world, cancellation))
        {
            var text = string.Create(CultureInfo.InvariantCulture, $$"""{"ticket_id": {{ticket}}, "queue_name": "{{queue}}", "traceparent": null}""");
            await poison.SendMessageAsync(Convert.ToBase64String(Encoding.UTF8.GetBytes(text)), cancellation);
        }
    }
}
