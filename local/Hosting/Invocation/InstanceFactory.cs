using Microsoft.Extensions.DependencyInjection;

namespace Millrace.Local.Hosting.Invocation;

/// <summary>
/// Makes function instances, one per invocation, through factories built once. An instance that takes singletons only is
/// made from the root services, which gives the same objects without a scope.
/// </summary>
internal sealed class InstanceFactory(IServiceCollection services)
{
    private readonly ILookup<Type, ServiceDescriptor> registered = services.ToLookup(descriptor => descriptor.ServiceType);

    public Func<FunctionInvocation, object?> For(Type type)
    {
        var constructors = type.GetConstructors();
        var factory = ActivatorUtilities.CreateFactory(type, Type.EmptyTypes);
        var needsScope = constructors.Length != 1
            || !Array.TrueForAll(constructors[0].GetParameters(), parameter => IsSingleton(parameter.ParameterType));
        return needsScope
            ? invocation => factory(invocation.InstanceServices, null)
            : invocation => factory(invocation.RootServices, null);
    }

    private bool IsSingleton(Type service) =>
        (registered[service].LastOrDefault()
            ?? (service.IsGenericType ? registered[service.GetGenericTypeDefinition()].LastOrDefault() : null))
        is { Lifetime: ServiceLifetime.Singleton };
}
