using Millrace.Local.Services;
using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Storage;

/// <summary>The storage account is away, and comes back with its messages.</summary>
internal sealed class StorageStopped : BrokenScenario
{
    internal override string Name => "storage-stopped";

    internal override string Fault => "Azurite stopped for 45 s";

    internal override int Tries => 20;

    internal override Expectation Expected { get; } = new() { RunsOnce = true };

    protected override async Task BreakAndMendAsync(World world, CancellationToken cancellation)
    {
        await world.Servers.StopAsync(ServerKind.Storage, cancellation);
        await World.PauseAsync(45, cancellation);
        await world.Servers.RestartAsync(ServerKind.Storage, wipeData: false, cancellation);
    }
}
