using Microsoft.Extensions.DependencyInjection;

namespace Millrace.Handlers;

/// <summary>Which handler runs which type. Two handlers for one type are refused at start.</summary>
internal sealed class HandlerRegistry
{
    private readonly Dictionary<string, HandlerRegistration> byType = new(StringComparer.Ordinal);

    public HandlerRegistry(IEnumerable<HandlerRegistration> registrations)
    {
        foreach (var registration in registrations)
        {
            if (!byType.TryAdd(registration.Type, registration))
            {
                throw new InvalidOperationException(
                    $"Both {byType[registration.Type].Handler.Name} and {registration.Handler.Name} are registered for tasks of type "
                    + $"'{registration.Type}'. Give one of them another name in AddTaskHandler.");
            }
        }

        Types = byType.Keys.ToHashSet(StringComparer.Ordinal);
    }

    internal IReadOnlySet<string> Types { get; }

    /// <summary>Null when there is no handler for the type.</summary>
    internal HandlerRegistration? Find(string type) => byType.GetValueOrDefault(type);

    /// <summary>An instance from the scope; the same one each time for a singleton.</summary>
    internal static TaskHandler Resolve(HandlerRegistration registration, IServiceProvider services) =>
        (TaskHandler)services.GetRequiredService(registration.Handler);
}
