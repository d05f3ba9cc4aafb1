namespace Microsoft.Azure.Functions.Worker;

/// <summary>The trigger's metadata. Twin of the type in Worker.Core.</summary>
public abstract class BindingContext
{
    public abstract IReadOnlyDictionary<string, object?> BindingData { get; }
}
