using Millrace.Local.Services;

namespace Millrace.Tests.Local.Services;

/// <summary>All three servers, started once for the tests that only ask them something.</summary>
public sealed class RunningServers : IAsyncLifetime
{
    private readonly Bench bench = new();

    internal ServerSet Servers { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Servers = await bench.StartAsync(Enum.GetValues<ServerKind>());

    public async ValueTask DisposeAsync()
    {
        await Servers.DisposeAsync();
        bench.Dispose();
    }
}
