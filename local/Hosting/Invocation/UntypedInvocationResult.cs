using Microsoft.Azure.Functions.Worker;

namespace Millrace.Local.Hosting.Invocation;

/// <summary>An invocation's result, of whatever type.</summary>
internal sealed class UntypedInvocationResult(FunctionInvocation invocation) : InvocationResult
{
    public override object? Value
    {
        get => invocation.Result;
        set => invocation.Result = value;
    }
}
