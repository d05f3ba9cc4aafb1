namespace Microsoft.Azure.Functions.Worker;

/// <summary>What middleware attaches to an invocation, by type. Twin of the type in Worker.Core.</summary>
public interface IInvocationFeatures : IEnumerable<KeyValuePair<Type, object>>
{
    void Set<T>(T instance);

    T? Get<T>();
}
