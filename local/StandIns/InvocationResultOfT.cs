namespace Microsoft.Azure.Functions.Worker;

/// <summary>What an invocation returned. Twin of the type in Worker.Core.</summary>
public abstract class InvocationResult<T>
{
    public abstract T? Value { get; set; }
}
