namespace Millrace.Local.Hosting.Invocation;

/// <summary>A parameter could not be bound; the invocation fails (500 over HTTP), as with the real worker.</summary>
internal sealed class FunctionBindingException(string function, string parameter, Type type, Exception? cause) : Exception(
    $"Parameter {parameter} of function {function} cannot be bound to {type}: send a value that parses as one, or constrain the route.", cause);
