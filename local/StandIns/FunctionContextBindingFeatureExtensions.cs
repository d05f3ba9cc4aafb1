using Millrace.Local.Hosting.Invocation;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>What an invocation returned, for middleware to read or replace. Twin of the type in Worker.Core.</summary>
public static class FunctionContextBindingFeatureExtensions
{
    public static InvocationResult<T> GetInvocationResult<T>(this FunctionContext context) =>
        Invocation(context) is { Result: T } invocation
            ? new TypedInvocationResult<T>(invocation)
            : throw new InvalidOperationException(
                $"The function returned no {typeof(T)}: call GetInvocationResult() and look at the value's type.");

    public static InvocationResult GetInvocationResult(this FunctionContext context) =>
        new UntypedInvocationResult(Invocation(context));

    private static FunctionInvocation Invocation(FunctionContext context) =>
        context as FunctionInvocation
        ?? throw new InvalidOperationException("The context is not one of this host: pass the one the middleware was given.");
}
