using Millrace.Local.Services;
using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Faults;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Storage;

/// <summary>The storage account does not answer, and nobody hears why.</summary>
internal sealed class StorageFrozen : BrokenScenario
{
    internal override string Name => "storage-frozen";

    internal override string Fault => "Azurite frozen for 22 s";

    internal override int Tries => 20;

    internal override Expectation Expected { get; } = new() { RunsOnce = true };

    protected override async Task BreakAndMendAsync(World world, CancellationToken cancellation)
    {
        await FrozenProcesses.FreezeAsync([world.Servers.Process(ServerKind.Storage)], 22, cancellation);
    }
}
