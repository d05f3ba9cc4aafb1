namespace Microsoft.Azure.Functions.Worker.Middleware;

/// <summary>A step around every invocation; one instance for the whole app. Twin of the type in Worker.Core.</summary>
public interface IFunctionsWorkerMiddleware
{
    Task Invoke(FunctionContext context, FunctionExecutionDelegate next);
}
