using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Millrace.Local.Hosting.Discovery;
using Millrace.Local.Hosting.Settings;

namespace Millrace.Local.Hosting.Http;

/// <summary>
/// The road of a request: <c>/admin</c> first, then the functions by route, then the home page, then 404. A method that
/// no function takes is a 404 too, as in the real host.
/// </summary>
internal sealed class HttpPipeline(AdminApi admin, AppSettings settings, CorsPolicy? cors)
{
    private static readonly PathString AdminPath = new("/admin");

    private readonly bool hasHomePage = !settings.IsTrue("AzureWebJobsDisableHomepage");

    public RequestDelegate Build(IServiceProvider services, IEnumerable<(HttpTriggerSource Trigger, RequestDelegate Handle)> functions)
    {
        var app = new ApplicationBuilder(services);
        app.UseRouting();
        app.Run(RunFunctionAsync);
        var endpoints = functions.Select(function => CreateEndpoint(function.Trigger, function.Handle)).ToArray();
        app.UseEndpoints(routes => routes.DataSources.Add(new DefaultEndpointDataSource(endpoints)));
        var routed = app.Build();
        RequestDelegate pipeline = context => context.Request.Path.StartsWithSegments(AdminPath, StringComparison.OrdinalIgnoreCase)
            ? admin.HandleAsync(context)
            : routed(context);
        return cors is null ? pipeline : context => cors.Answer(context) ? Task.CompletedTask : pipeline(context);
    }

    private static RouteEndpoint CreateEndpoint(HttpTriggerSource trigger, RequestDelegate handle)
    {
        var metadata = trigger.Methods.Count == 0
            ? EndpointMetadataCollection.Empty
            : new EndpointMetadataCollection(new HttpMethodMetadata(trigger.Methods));
        return new RouteEndpoint(handle, trigger.Pattern, order: 0, metadata, trigger.Pattern.RawText);
    }

    private Task RunFunctionAsync(HttpContext context)
    {
        // The router answers a wrong method with an endpoint of its own, which is not a route's.
        if (context.GetEndpoint() is RouteEndpoint { RequestDelegate: { } handle })
        {
            return handle(context);
        }

        if (context.Request.Path.Value is "/" or "")
        {
            return HomePage.WriteAsync(context, hasHomePage);
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
