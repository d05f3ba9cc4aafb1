using Microsoft.Extensions.DependencyInjection;
using Millrace.Client;
using Millrace.Tests.Pipeline;

namespace Millrace.Tests.Client;

/// <summary>The client of a whole app, as a caller registers it.</summary>
internal static class HostClient
{
    internal static MillraceClient Of(PipelineFixture pipeline, DelegatingHandler? between = null)
    {
        var services = new ServiceCollection();
        var builder = services.AddMillraceClient(options =>
        {
            options.BaseAddress = pipeline.Host.Client.BaseAddress;
            options.RetryDelay = TimeSpan.Zero;
        });
        if (between is not null)
        {
            builder.AddHttpMessageHandler(() => between);
        }

        return services.BuildServiceProvider().GetRequiredService<MillraceClient>();
    }
}
