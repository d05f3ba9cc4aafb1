using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Millrace.Dispatch;
using Millrace.Queues;
using Millrace.Redis;
using Millrace.Store;

namespace Millrace.Inspect;

/// <summary>The reading half of the API.</summary>
internal static class InspectServiceCollectionExtensions
{
    internal static IServiceCollection AddInspect(this IServiceCollection services, IConfigurationSection settings)
    {
        services.AddOptions<InspectOptions>().Bind(settings).ValidateOnStart();
        services.AddSingleton<IValidateOptions<InspectOptions>, InspectOptionsValidator>();
        services.AddSingleton(static s => new TaskInspector(Store(s), s.GetRequiredService<TaskSearch>()));
        services.AddSingleton<TaskSearch>();
        services.AddSingleton(static s => new WorkerInspector(Store(s), Options(s)));
        services.AddSingleton(static s => new QueueInspector(Store(s), s.GetRequiredService<LiveCounters>(), Options(s), Clock(s)));
        services.AddSingleton(static s => new HealthInspector(Store(s), Options(s), Clock(s)));
        services.AddSingleton(static s => new MetricsInspector(Store(s), Options(s), Clock(s)));
        services.AddSingleton(static s => new LedgerInspector(Store(s)));
        services.AddSingleton(static s => new ExplainInspector(Store(s), Options(s), s.GetRequiredService<IOptions<DispatchOptions>>().Value.MostTickets));
        services.AddSingleton(static s => new ResultWatch(Store(s), Clock(s), Options(s).MostWaiting, s.GetRequiredService<ILogger<ResultWatch>>()));
        services.AddSingleton(static s => new ResultInspector(Store(s), s.GetRequiredService<ResultWatch>()));
        services.AddSingleton(static s => new LogInspector(Store(s)));
        services.AddSingleton(static s => new TrendInspector(Store(s), Options(s), Clock(s)));
        services.AddSingleton(static s => new BackendInspector(
            s.GetRequiredService<RedisLink>(), s.GetRequiredService<MessageSender>(), Options(s), Clock(s)));
        return services;
    }

    private static TaskStore Store(IServiceProvider services) => services.GetRequiredService<TaskStore>();

    private static TimeProvider Clock(IServiceProvider services) => services.GetRequiredService<TimeProvider>();

    private static InspectOptions Options(IServiceProvider services) => services.GetRequiredService<IOptions<InspectOptions>>().Value;
}
