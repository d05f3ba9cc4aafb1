using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Millrace.Local.Hosting.Discovery;
using Millrace.Local.Hosting.Invocation;
using Millrace.Local.Hosting.Keys;

namespace Millrace.Local.Hosting.Http;

/// <summary>One request to one function: key, switch, call, result.</summary>
internal sealed partial class HttpFunctionEndpoint(
    CompiledFunction function,
    FunctionPipeline pipeline,
    KeyRing keys,
    RequestLimit limit,
    IHttpContextAccessor? accessor,
    ILogger logger)
{
    private readonly AuthorizationLevel required = ((HttpTriggerSource)function.Descriptor.Trigger).Level;
    private readonly bool isDisabled = function.Descriptor.IsDisabled;

    public Task HandleAsync(HttpContext context)
    {
        // 401 before 404, so that nobody without a key learns what is disabled.
        if (required != AuthorizationLevel.Anonymous || isDisabled)
        {
            var level = keys.LevelOf(context.Request, function.Name);
            if (!KeyRing.Opens(level, required))
            {
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                return Task.CompletedTask;
            }

            if (isDisabled && level != AuthorizationLevel.Admin)
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            }
        }

        if (!limit.TryEnter())
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            return Task.CompletedTask;
        }

        return RunAsync(context);
    }

    private async Task RunAsync(HttpContext context)
    {
        pipeline.Tally.Enter();
        var invocation = new FunctionInvocation(function, pipeline.Environment) { HttpContext = context };
        context.Features.Set<IServiceProvidersFeature>(invocation);
        accessor?.HttpContext = context;
        try
        {
            await pipeline.RunAsync(invocation);

            // The real worker writes the result after all middleware has returned.
            if (invocation.Result is IResult result)
            {
                await result.ExecuteAsync(context);
            }
        }
        catch (Exception exception)
        {
            Fail(context, exception);
        }
        finally
        {
            await invocation.DisposeAsync();
            pipeline.Tally.Leave();
            limit.Leave();
        }
    }

    private void Fail(HttpContext context, Exception exception)
    {
        if (context.RequestAborted.IsCancellationRequested && exception is OperationCanceledException)
        {
            return;
        }

        LogFailed(logger, function.Name, exception);
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        context.Response.Clear();
        context.Response.StatusCode =
            exception is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError;
        if (exception is FunctionTimeoutException)
        {
            // The function may still run and hold the request: no other request may come to live in the same object.
            context.Response.Headers.Connection = "close";
        }
    }
}
