using Millrace.Local.Services;
using Millrace.Tests.Support;

namespace Millrace.Tests.Crashes;

/// <summary>Servers that a test may stop, kill and wipe. Started when the first test asks for a place.</summary>
public sealed class OutageServers : IAsyncLifetime
{
    private readonly Lazy<Task<OwnServers>> own = new(static () => OwnServers.StartAsync("outage", Enum.GetValues<ServerKind>()));

    internal ServerSet Set => own.Value.Result.Set;

    internal async Task<Place> PlaceAsync() => await Place.NewOnAsync(await own.Value);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (own.IsValueCreated)
        {
            await (await own.Value).DisposeAsync();
        }
    }
}
