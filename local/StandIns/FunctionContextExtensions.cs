using Microsoft.AspNetCore.Http;
using Millrace.Local.Hosting.Invocation;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>The request behind an invocation. Twin of the type in Worker.Extensions.Http.AspNetCore.</summary>
public static class FunctionContextExtensions
{
    public static HttpContext? GetHttpContext(this FunctionContext context) =>
        context is FunctionInvocation invocation
            ? invocation.HttpContext
            : context.Items.TryGetValue(FunctionInvocation.HttpContextKey, out var item) ? item as HttpContext : null;
}
