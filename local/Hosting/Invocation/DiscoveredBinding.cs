using Microsoft.Azure.Functions.Worker;

namespace Millrace.Local.Hosting.Invocation;

/// <summary>One binding, as the definition lists it.</summary>
internal sealed class DiscoveredBinding(string name, string type, BindingDirection direction) : BindingMetadata
{
    public override string Name => name;

    public override string Type => type;

    public override BindingDirection Direction => direction;
}
