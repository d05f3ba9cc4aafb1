using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;
using Millrace.Api.Requests;

namespace Millrace.Functions;

/// <summary>Names every HTTP request, in its answer and in what is logged meanwhile.</summary>
internal sealed class RequestIdMiddleware(ILogger<RequestIdMiddleware> log, TimeProvider clock) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is not { } http)
        {
            await next(context);
            return;
        }

        // When the answer starts, and not now: a function that throws has its headers cleared.
        var id = RequestId.Of(http.Request, clock);
        http.Response.OnStarting(() =>
        {
            http.Response.Headers[RequestId.Header] = id;
            return Task.CompletedTask;
        });
        using (log.BeginScope(new Dictionary<string, object> { ["RequestId"] = id }))
        {
            await next(context);
        }
    }
}
