using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Millrace.Hosting;
using Millrace.Samples;

namespace Millrace.Functions;

/// <summary>What the app is made of. Program.cs calls it on Azure, the local host calls it on a laptop.</summary>
public static class MillraceApp
{
    /// <summary>The pipeline, the handlers of this app (add yours here), and what happens around every run.</summary>
    public static void Configure(IFunctionsWorkerApplicationBuilder builder, IConfiguration configuration)
    {
        builder.Services.AddMillrace(configuration).AddSampleHandlers();
        builder.UseMiddleware<CostMiddleware>();
        builder.UseMiddleware<RequestIdMiddleware>();
        builder.UseMiddleware<RateLimitMiddleware>();
        builder.UseMiddleware<BodyCodingMiddleware>();
    }
}
