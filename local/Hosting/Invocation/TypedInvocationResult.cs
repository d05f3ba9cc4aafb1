using Microsoft.Azure.Functions.Worker;

namespace Millrace.Local.Hosting.Invocation;

/// <summary>An invocation's result, seen as one type.</summary>
internal sealed class TypedInvocationResult<T>(FunctionInvocation invocation) : InvocationResult<T>
{
    public override T? Value
    {
        get => (T?)invocation.Result;
        set => invocation.Result = value;
    }
}
