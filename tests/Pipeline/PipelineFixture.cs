using Millrace.Tests.Support;

namespace Millrace.Tests.Pipeline;

/// <summary>One place and one host for the tests of a class; each test has a queue of its own.</summary>
public sealed class PipelineFixture : IAsyncLifetime
{
    internal Place Place { get; private set; } = null!;

    internal PipelineHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Place = await Place.NewAsync();
        Host = await PipelineHost.StartAsync(Place);
    }

    public async ValueTask DisposeAsync()
    {
        await (Host?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (Place?.DisposeAsync() ?? ValueTask.CompletedTask);
    }
}
