using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Azure.Functions.Worker;
using Millrace.Local.Hosting.Discovery;

namespace Millrace.Local.Hosting.Invocation;

/// <summary>A function's definition, built from its attributes.</summary>
internal sealed class DiscoveredFunctionDefinition(FunctionDescriptor function) : FunctionDefinition
{
    public override ImmutableArray<FunctionParameter> Parameters { get; } =
        [.. function.Method.GetParameters().Select(parameter => new FunctionParameter(
            parameter.Name!, parameter.ParameterType, parameter.HasDefaultValue, parameter.HasDefaultValue ? parameter.DefaultValue : null))];

    public override string PathToAssembly { get; } = function.Method.Module.Assembly.Location;

    public override string EntryPoint { get; } = $"{function.Method.DeclaringType!.FullName}.{function.Method.Name}";

    /// <summary>Unique to the function and the same on every host.</summary>
    public override string Id { get; } =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(function.Name.ToUpperInvariant())))[..16];

    public override string Name { get; } = function.Name;

    public override IImmutableDictionary<string, BindingMetadata> InputBindings { get; } =
        ImmutableDictionary<string, BindingMetadata>.Empty.Add(
            function.Trigger.Parameter.Name!,
            new DiscoveredBinding(function.Trigger.Parameter.Name!, function.Trigger.BindingType, BindingDirection.In));

    public override IImmutableDictionary<string, BindingMetadata> OutputBindings { get; } = Outputs(function);

    private static ImmutableDictionary<string, BindingMetadata> Outputs(FunctionDescriptor function)
    {
        const string name = "$return";
        var type = function.Output is not null ? "queue" : function.Trigger is HttpTriggerSource ? "http" : null;
        var none = ImmutableDictionary<string, BindingMetadata>.Empty;
        return type is null ? none : none.Add(name, new DiscoveredBinding(name, type, BindingDirection.Out));
    }
}
