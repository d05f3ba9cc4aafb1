using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Millrace.Api.Requests;

namespace Millrace.Functions;

/// <summary>Answers 415 in the place of a function when the body is compressed.</summary>
internal sealed class BodyCodingMiddleware : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is { } http && BodyCoding.Refuse(http.Request) is { } refusal)
        {
            context.GetInvocationResult().Value = refusal;
            return;
        }

        await next(context);
    }
}
