namespace Millrace.Tests.Client.Example;

internal sealed record Greeting(string Name);
