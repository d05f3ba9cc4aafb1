using Millrace.Local.Services;
using Millrace.Tests.Chaos.Sending;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Findings;

/// <summary>
/// PostgreSQL is away for 90 s, as in a failover, in the middle of handlers that take a minute and may not be tried again. What they
/// have done is written when it is back.
/// </summary>
internal sealed class LongOutage : Scenario
{
    private const string Queue = "minute";

    internal override string Name => "postgres-away-90s";

    internal override string Fault => "PostgreSQL stopped for 90 s in the middle of handlers of 60 s";

    internal override int Tries => 20;

    internal override TimeSpan DrainWithin => TimeSpan.FromSeconds(120);

    internal override async Task PlayAsync(World world, CancellationToken cancellation)
    {
        await world.Sender.SendAsync(Order.Slow(Queue, 40, seconds: 60, maxRetries: 0), cancellation);
        await world.UntilBegunAsync(Queue, 40, cancellation);
        await World.PauseAsync(5, cancellation);

        world.FaultBegins();
        await world.Servers.StopAsync(ServerKind.Postgres, cancellation);
        await World.PauseAsync(90, cancellation);
        await world.Servers.RestartAsync(ServerKind.Postgres, wipeData: false, cancellation);
        world.FaultEnds();
    }
}
