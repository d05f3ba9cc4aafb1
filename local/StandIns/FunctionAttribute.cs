namespace Microsoft.Azure.Functions.Worker;

/// <summary>Marks a public method as a function. Twin of the type in Worker.Extensions.Abstractions.</summary>
[AttributeUsage(AttributeTargets.Method)]
public class FunctionAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
