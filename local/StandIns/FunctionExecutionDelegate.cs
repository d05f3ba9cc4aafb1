namespace Microsoft.Azure.Functions.Worker.Middleware;

/// <summary>The rest of an invocation's pipeline. Twin of the type in Worker.Core.</summary>
public delegate Task FunctionExecutionDelegate(FunctionContext context);
