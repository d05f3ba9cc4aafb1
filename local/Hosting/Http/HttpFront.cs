using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Millrace.Local.Hosting.Http;

/// <summary>
/// What Kestrel calls. It keeps one HttpContext per connection and adds nothing of ASP.NET's own hosting: the real
/// pipeline is fixed too, and a function sees worker middleware only.
/// </summary>
internal sealed class HttpFront(RequestDelegate pipeline) : IHttpApplication<DefaultHttpContext>
{
    public DefaultHttpContext CreateContext(IFeatureCollection contextFeatures)
    {
        var container = contextFeatures as IHostContextContainer<DefaultHttpContext>;
        if (container?.HostContext is { } kept)
        {
            kept.Initialize(contextFeatures);
            return kept;
        }

        var context = new DefaultHttpContext(contextFeatures);
        if (container is not null)
        {
            container.HostContext = context;
        }

        return context;
    }

    public Task ProcessRequestAsync(DefaultHttpContext context) => pipeline(context);

    public void DisposeContext(DefaultHttpContext context, Exception? exception) => context.Uninitialize();
}
