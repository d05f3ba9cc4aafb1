namespace Millrace.Local.Hosting.Invocation;

/// <summary>An invocation ran longer than functionTimeout.</summary>
internal sealed class FunctionTimeoutException(string function, TimeSpan timeout) : Exception(
    $"Function {function} ran longer than functionTimeout ({timeout}): make it shorter, or raise functionTimeout in host.json.");
