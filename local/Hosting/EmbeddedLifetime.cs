using Microsoft.Extensions.Hosting;

namespace Millrace.Local.Hosting;

/// <summary>Leaves signals to whoever embeds the host; see <see cref="FunctionsHost.WaitForShutdownAsync"/>.</summary>
internal sealed class EmbeddedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
