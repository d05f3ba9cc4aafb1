using System.Diagnostics;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Millrace.Local.Hosting.Invocation;

/// <summary>
/// Runs an invocation through the app's middleware, in the order of registration, to the function. Counts it, traces it
/// when someone listens, and enforces functionTimeout.
/// </summary>
internal sealed class FunctionPipeline(FunctionExecutionDelegate pipeline, InvocationEnvironment environment, InvocationTally tally)
{
    /// <summary>How long a function that was told to stop may take to obey.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    // The name of the real worker's source, so that one OpenTelemetry set-up serves both.
    private static readonly ActivitySource Source = new("Microsoft.Azure.Functions.Worker");

    public InvocationEnvironment Environment => environment;

    public InvocationTally Tally => tally;

    public static FunctionPipeline Build(
        IReadOnlyList<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> middleware,
        InvocationEnvironment environment,
        InvocationTally tally)
    {
        FunctionExecutionDelegate next = ExecuteAsync;
        for (var i = middleware.Count - 1; i >= 0; i--)
        {
            next = middleware[i](next);
        }

        return new FunctionPipeline(next, environment, tally);
    }

    /// <summary>Runs to the end of the function. Throws what it threw, or <see cref="FunctionTimeoutException"/>.</summary>
    public Task RunAsync(FunctionInvocation invocation)
    {
        var running = Source.HasListeners() ? RunTracedAsync(invocation) : pipeline(invocation);
        return running.IsCompleted || environment.Timeout is not { } timeout ? running : WatchAsync(running, invocation, timeout);
    }

    private static Task ExecuteAsync(FunctionContext context)
    {
        var invocation = (FunctionInvocation)context;
        var running = invocation.Function.InvokeAsync(invocation);
        if (!running.IsCompletedSuccessfully)
        {
            return AwaitAsync(running, invocation);
        }

        invocation.Result = running.Result;
        return Task.CompletedTask;

        static async Task AwaitAsync(ValueTask<object?> running, FunctionInvocation invocation) =>
            invocation.Result = await running;
    }

    private async Task RunTracedAsync(FunctionInvocation invocation)
    {
        var trace = invocation.TraceContext;
        ActivityContext.TryParse(trace.TraceParent, trace.TraceState, isRemote: true, out var parent);
        using var activity = Source.StartActivity($"function {invocation.Function.Name}", ActivityKind.Server, parent);
        activity?.SetTag("faas.name", invocation.Function.Name).SetTag("faas.invocation_id", invocation.InvocationId);
        try
        {
            await pipeline(invocation);
        }
        catch (Exception exception)
        {
            activity?.SetStatus(ActivityStatusCode.Error, exception.Message).AddException(exception);
            throw;
        }
    }

    // The real host restarts the whole worker process here, failing its other work with it. This one lives in the
    // process it would restart, so it only fails the invocation; a function that never stops is left behind.
    private async Task WatchAsync(Task running, FunctionInvocation invocation, TimeSpan timeout)
    {
        try
        {
            await running.WaitAsync(timeout, environment.Time);
        }
        catch (TimeoutException) when (!running.IsCompleted)
        {
            invocation.Cancel();
            await Task.WhenAny(running, Task.Delay(Grace, environment.Time, CancellationToken.None));
            throw new FunctionTimeoutException(invocation.Function.Name, timeout);
        }
    }
}
