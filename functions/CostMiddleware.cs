using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Millrace.Telemetry;

namespace Millrace.Functions;

/// <summary>Counts every run, also one that fails.</summary>
internal sealed class CostMiddleware(CostKeeper costs) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        try
        {
            await next(context);
        }
        finally
        {
            costs.Ran(context.GetHttpContext() is null && context.FunctionDefinition.InputBindings.Values.Any(static binding => binding.Type == "queueTrigger"));
        }
    }
}
