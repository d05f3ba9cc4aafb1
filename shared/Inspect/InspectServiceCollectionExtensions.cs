using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Millrace.Store;

namespace Millrace.Inspect;

/// <summary>The reading half of the API, and cancel.</summary>
internal static class InspectServiceCollectionExtensions
{
    internal static IServiceCollection AddInspect(this IServiceCollection services)
    {
        services.AddOptions<InspectOptions>().BindConfiguration("Inspect").ValidateOnStart();
        services.AddSingleton<IValidateOptions<InspectOptions>, InspectOptionsValidator>();
        services.AddSingleton(static s => new TaskInspector(s.GetRequiredService<TaskStore>()));
        services.AddSingleton(static s => new TaskCanceller(s.GetRequiredService<TaskStore>()));
        services.AddSingleton(static s => new WorkerInspector(s.GetRequiredService<TaskStore>(), Options(s)));
        services.AddSingleton(static s => new QueueInspector(s.GetRequiredService<TaskStore>(), Options(s), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(static s => new HealthInspector(s.GetRequiredService<TaskStore>(), Options(s), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(static s => new MetricsInspector(s.GetRequiredService<TaskStore>(), Options(s), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(static s => new LedgerInspector(s.GetRequiredService<TaskStore>()));
        return services;
    }

    private static InspectOptions Options(IServiceProvider services) => services.GetRequiredService<IOptions<InspectOptions>>().Value;
}
