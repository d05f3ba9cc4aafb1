using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Millrace.Api;
using Millrace.Api.Submission;
using Millrace.DeadLetters;
using Millrace.Dispatch;
using Millrace.Execute;
using Millrace.Handlers;
using Millrace.Heal;
using Millrace.Inspect;
using Millrace.Manage;
using Millrace.Queues;
using Millrace.Redis;
using Millrace.Store;
using Millrace.Submit;
using Millrace.Telemetry;

namespace Millrace.Hosting;

/// <summary>The composition root of both hosts.</summary>
public static class MillraceServiceCollectionExtensions
{
    /// <summary>Adds the whole pipeline. Handlers of the app are added beside it, with <c>AddTaskHandler</c>.</summary>
    /// <exception cref="OptionsValidationException">At start, when a setting is wrong or missing; every fault at once.</exception>
    public static IServiceCollection AddMillrace(this IServiceCollection services, IConfiguration configuration)
    {
        var settings = SettingAliases.Resolve(configuration);
        SettingsCheck.Refuse(settings);
        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddStore(settings.GetSection("Store"))
            .AddQueues(settings.GetSection("Storage"))
            .AddRedis(settings.GetSection("Redis"))
            .AddHandlers(settings.GetSection("Handlers"))
            .AddSubmit(settings.GetSection("Submit"))
            .AddDispatch(settings.GetSection("Dispatch"))
            .AddExecute(settings.GetSection("Execute"))
            .AddHeal(settings.GetSection("Heal"))
            .AddInspect(settings.GetSection("Inspect"))
            .AddManage()
            .AddDeadLetters()
            .AddApi(settings.GetSection("Api"))
            .AddTelemetry(configuration)
            .AddHostedService<Startup>();
    }

    private static IServiceCollection AddStore(this IServiceCollection services, IConfigurationSection settings)
    {
        services.AddSingleton<IValidateOptions<StoreOptions>, StoreOptionsValidator>();
        services.AddOptions<StoreOptions>().Bind(settings).ValidateOnStart();
        return services
            .AddSingleton<StoreSessions>()
            .AddSingleton(static provider => Database.Open(
                provider.GetRequiredService<IOptions<StoreOptions>>().Value, provider.GetRequiredService<StoreSessions>()))
            .AddSingleton<CostMeter>()
            .AddSingleton<TaskStore>();
    }

    private static IServiceCollection AddQueues(this IServiceCollection services, IConfigurationSection settings)
    {
        services.AddOptions<StorageOptions>().Bind(settings)
            .Validate(static options => options.ConnectionString.Length > 0, "Set AzureWebJobsStorage to a storage connection string.")
            .ValidateOnStart();
        return services.AddSingleton<MessageSender>();
    }

    private static IServiceCollection AddRedis(this IServiceCollection services, IConfigurationSection settings)
    {
        services.AddOptions<RedisOptions>().Bind(settings);
        return services.AddSingleton<RedisLink>().AddSingleton<RedisSignal>().AddSingleton<LiveCounters>().AddSingleton<RedisTokenBucket>();
    }

    private static IServiceCollection AddHandlers(this IServiceCollection services, IConfigurationSection settings)
    {
        services.AddOptions<HandlerOptions>().Bind(settings);
        return services.AddSingleton<HandlerRegistry>().AddBuiltInHandlers();
    }

    private static IServiceCollection AddSubmit(this IServiceCollection services, IConfigurationSection settings)
    {
        services.AddSingleton<IValidateOptions<SubmitOptions>, SubmitOptionsValidator>();
        services.AddOptions<SubmitOptions>().Bind(settings).ValidateOnStart();
        return services
            .AddSingleton<QueueRoom>()
            .AddSingleton<TaskSubmitter>()
            .AddSingleton<SubmitAnswers>()
            .AddSingleton<EventSubmission>()
            .AddSingleton(static provider => new SubmitApi(
                provider.GetRequiredService<TaskSubmitter>(),
                provider.GetRequiredService<SubmitAnswers>(),
                provider.GetRequiredService<EventSubmission>(),
                provider.GetRequiredService<TimeProvider>()))
            .AddSingleton(static provider => new BulkApi(
                provider.GetRequiredService<TaskSubmitter>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<BulkApi>>()));
    }

    private static IServiceCollection AddDispatch(this IServiceCollection services, IConfigurationSection settings)
    {
        services.AddSingleton<IValidateOptions<DispatchOptions>, DispatchOptionsValidator>();
        services.AddOptions<DispatchOptions>().Bind(settings).ValidateOnStart();
        return services
            .AddSingleton(static provider => new TaskDispatcher(
                provider.GetRequiredService<TaskStore>(),
                provider.GetRequiredService<TicketSender>(),
                provider.GetRequiredService<WakePlanner>(),
                provider.GetRequiredService<IOptions<DispatchOptions>>(),
                provider.GetRequiredService<TimeProvider>()))
            .AddSingleton<TicketSender>()
            .AddSingleton<WakePlanner>()
            .AddSingleton<DispatchNudge>();
    }

    private static IServiceCollection AddExecute(this IServiceCollection services, IConfigurationSection settings)
    {
        services.AddSingleton<IValidateOptions<ExecuteOptions>, ExecuteOptionsValidator>();
        services.AddOptions<ExecuteOptions>().Bind(settings)
            .Validate(
                static options => options.HeartbeatSeconds * 3 <= options.LeaseSeconds,
                "Millrace:Execute:HeartbeatSeconds must be at most a third of LeaseSeconds, or one lost heartbeat costs the lease.")
            .ValidateOnStart();
        return services
            .AddSingleton<ExecutorIdentity>()
            .AddSingleton<ExecutorErrors>()
            .AddSingleton<ExecutorHeart>()
            .AddSingleton<FailureLog>()
            .AddSingleton<AttemptRunner>()
            .AddSingleton<StoreRetry>()
            .AddSingleton<TicketFinisher>()
            .AddSingleton<TicketBeginning>()
            .AddSingleton<ProcessPlaces>()
            .AddSingleton<SuspectTrials>()
            .AddSingleton<RunningInvocations>()
            .AddSingleton<ExecutorParts>()
            .AddSingleton(static provider => new TaskExecutor(
                provider.GetRequiredService<ExecutorParts>(),
                provider.GetRequiredService<IOptions<ExecuteOptions>>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<TaskExecutor>>()));
    }

    private static IServiceCollection AddHeal(this IServiceCollection services, IConfigurationSection settings)
    {
        services.AddSingleton<IValidateOptions<HealOptions>, HealOptionsValidator>();
        services.AddOptions<HealOptions>().Bind(settings).ValidateOnStart();
        return services
            .AddSingleton(static provider => new TaskHealer(
                provider.GetRequiredService<TaskStore>(),
                provider.GetRequiredService<TaskDispatcher>(),
                provider.GetRequiredService<IOptions<HealOptions>>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<TaskHealer>>()))
            .AddSingleton(static provider => new WakeReceiver(
                provider.GetRequiredService<TaskStore>(),
                provider.GetRequiredService<TaskDispatcher>(),
                provider.GetRequiredService<TaskHealer>(),
                provider.GetRequiredService<RedisSignal>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<WakeReceiver>>()));
    }
}
