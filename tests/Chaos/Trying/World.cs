using System.Globalization;
using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Hosting;
using Millrace.Tests.Chaos.Places;
using Millrace.Tests.Chaos.Sending;
using Millrace.Tests.Chaos.Witnessing;

namespace Millrace.Tests.Chaos.Trying;

/// <summary>Everything that a try has: servers, executors behind their relays, a sender, a prober, and the witness's record.</summary>
internal sealed class World : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<IAsyncDisposable> owned = [];
    private readonly Prober prober;
    private readonly NotedBegins noted;
    private long? faultFrom;
    private long? faultUntil;

    private World(TryPlan plan, ChaosServers servers, Scenario scenario, Keeper keeper)
    {
        (Plan, Servers, Keeper) = (plan, servers, keeper);
        var witness = Directory.CreateDirectory(Path.Combine(plan.Folder, "witness")).FullName;
        PostgresPort = servers.PostgresPort;
        Fleet = new Fleet(
            _ => new ExecutorRoads(servers, PostgresPort),
            (place, roads, settings) => ExecutorProcess.Start(
                new(string.Create(CultureInfo.InvariantCulture, $"executor-{place}"), plan.Folder, witness, ExecutorSettings.Of(roads, scenario.Settings, settings)),
                keeper.Watch));
        Witness = new WitnessFolder(witness);
        Sender = new Sender(Fleet);
        prober = new Prober(Fleet, Sender);
        noted = new NotedBegins(servers.Admin);
    }

    internal TryPlan Plan { get; }

    internal Keeper Keeper { get; }

    internal ChaosServers Servers { get; }

    internal Fleet Fleet { get; }

    internal Sender Sender { get; }

    internal WitnessFolder Witness { get; }

    /// <summary>What the relays of executors take for PostgreSQL. Set before the first executor starts.</summary>
    internal int PostgresPort { get; set; }

    internal IReadOnlyList<ProbeRefusal> Refusals => prober.Refusals;

    /// <summary>The fault as the story told it.</summary>
    internal FaultSpan Fault => faultFrom is { } from && faultUntil is { } until
        ? new(from, until)
        : throw new InvalidOperationException("The story told of no whole fault. Call FaultBegins and FaultEnds.");

    internal static async Task<World> StartAsync(Scenario scenario, TryPlan plan, Keeper keeper, CancellationToken cancellation)
    {
        var world = new World(plan, await ChaosServers.StartAsync(scenario, plan, keeper, cancellation), scenario, keeper);
        try
        {
            await scenario.PrepareAsync(world, cancellation);
            for (var place = 0; place < scenario.Executors; place++)
            {
                // One after another: the first migrates.
                await world.Fleet.StartAsync(place, cancellation);
            }

            await EndLog.InstallAsync(world.Servers.Admin, cancellation);
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>The first moment of the fault, as late as possible.</summary>
    internal void FaultBegins() => faultFrom ??= Monotonic.Now;

    /// <summary>From now on the pipeline has what it needs. Of several the last counts.</summary>
    internal void FaultEnds()
    {
        faultFrom ??= Monotonic.Now;
        faultUntil = Monotonic.Now;
    }

    /// <summary>What a story brought in goes with the world.</summary>
    internal void Own(IAsyncDisposable one) => owned.Add(one);

    /// <summary>Returns once so many attempts of the queue have begun.</summary>
    internal Task UntilBegunAsync(string queue, int count, CancellationToken cancellation) => UntilAsync(
        string.Create(CultureInfo.InvariantCulture, $"{count} attempts of queue {queue} had begun"),
        () => Task.FromResult(Witness.Read().Count(line => line.Event == WitnessEvent.Begin && line.Queue == queue) >= count), Patience, cancellation);

    /// <summary>Looks until it is so; a story whose premise does not come about is not played.</summary>
    internal static async Task UntilAsync(string what, Func<Task<bool>> isSo, TimeSpan longest, CancellationToken cancellation)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await isSo())
        {
            if (TimeProvider.System.GetElapsedTime(began) > longest)
            {
                throw new InvalidOperationException($"Within {longest.TotalSeconds:0} s it did not come about that {what}.");
            }

            await Task.Delay(Look, TimeProvider.System, cancellation);
        }
    }

    internal static Task PauseAsync(double seconds, CancellationToken cancellation) =>
        Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System, cancellation);

    internal Task StopProbingAsync() => prober.StopAsync();

    /// <summary>What counted as begun, and since when. No more is seen after this.</summary>
    internal Task<IReadOnlyList<NotedSpan>> NotedAsync() => noted.EndAsync();

    /// <summary>Ends everything, whatever of it cannot be ended in order.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await prober.DisposeAsync();
            await noted.DisposeAsync();
            await Fleet.DisposeAsync();
            foreach (var one in owned)
            {
                await one.DisposeAsync();
            }
        }
        finally
        {
            await Servers.DisposeAsync();
        }
    }
}
