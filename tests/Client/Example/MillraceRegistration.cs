using Microsoft.Extensions.Hosting;
using Millrace.Client;

namespace Millrace.Tests.Client.Example;

internal static class MillraceRegistration
{
    internal static void AddMillrace(this IHostApplicationBuilder builder) => builder.Services.AddMillraceClient(options =>
    {
        options.BaseAddress = new Uri(builder.Configuration["MILLRACE_URL"] ?? "http://localhost:7071");
        options.FunctionKey = builder.Configuration["MILLRACE_KEY"];   // none locally
    });
}
