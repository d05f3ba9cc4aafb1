namespace Microsoft.Azure.Functions.Worker;

/// <summary>Whether a binding brings or takes. Twin of the type in Worker.Core.</summary>
public enum BindingDirection
{
    In,
    Out,
}
