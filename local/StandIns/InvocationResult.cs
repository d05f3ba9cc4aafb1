namespace Microsoft.Azure.Functions.Worker;

/// <summary>What an invocation returned, of any type. Twin of the type in Worker.Core.</summary>
public abstract class InvocationResult : InvocationResult<object>;
