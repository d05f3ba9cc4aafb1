using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Millrace.Api.RateLimit;

namespace Millrace.Functions;

/// <summary>Answers 429 in the place of a function when its caller asks too much. <c>/health</c> is always answered.</summary>
internal sealed class RateLimitMiddleware(RequestBudget budget) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (budget.IsLimited
            && context.GetHttpContext() is { } http
            && context.FunctionDefinition.Name != nameof(HealthFunctions.Health)
            && await budget.RefuseAsync(http) is { } refusal)
        {
            context.GetInvocationResult().Value = refusal;
            return;
        }

        await next(context);
    }
}
