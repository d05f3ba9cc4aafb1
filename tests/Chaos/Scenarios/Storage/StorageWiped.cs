using Millrace.Local.Services;
using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Storage;

/// <summary>The storage account is lost and made anew, without queues.</summary>
internal sealed class StorageWiped : BrokenScenario
{
    internal override string Name => "storage-wiped";

    internal override string Fault => "Azurite killed, and back without its data";

    internal override int Tries => 20;

    internal override Expectation Expected { get; } = new() { RunsOnce = true };

    protected override async Task BreakAndMendAsync(World world, CancellationToken cancellation)
    {
        await world.Servers.KillAsync(ServerKind.Storage, cancellation);
        await World.PauseAsync(5, cancellation);
        await world.Servers.RestartAsync(ServerKind.Storage, wipeData: true, cancellation);
    }
}
