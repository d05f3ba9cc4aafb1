using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Millrace.Handlers;

/// <summary>Registers handlers.</summary>
public static class HandlerServiceCollectionExtensions
{
    /// <summary>Tasks of type <paramref name="type"/> are run by <typeparamref name="THandler"/>.</summary>
    /// <param name="services">The app's services.</param>
    /// <param name="type">The <c>type</c> that submissions name: <c>send_invoice</c>.</param>
    /// <param name="lifetime">Scoped makes a scope and an instance per attempt; singleton is quicker, for handlers without state.</param>
    public static IServiceCollection AddTaskHandler<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>(
        this IServiceCollection services, string type, ServiceLifetime lifetime = ServiceLifetime.Scoped)
        where THandler : TaskHandler
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(type);
        services.TryAdd(new ServiceDescriptor(typeof(THandler), typeof(THandler), lifetime));
        return services.AddSingleton(new HandlerRegistration(type, typeof(THandler), lifetime));
    }

    /// <summary>The handlers that every app has: process, calculate, echo, sleep, fail and http_request.</summary>
    internal static IServiceCollection AddBuiltInHandlers(this IServiceCollection services)
    {
        services.AddSingleton<GuardedConnector>();
        services.AddHttpClient<HttpRequestHandler>(static client => client.Timeout = Timeout.InfiniteTimeSpan).ConfigurePrimaryHttpMessageHandler(static provider => new SocketsHttpHandler
        {
            ConnectCallback = provider.GetRequiredService<GuardedConnector>().ConnectAsync,
            ConnectTimeout = TimeSpan.FromSeconds(15),

            // Through a proxy the guard would judge the proxy's address, not the target's.
            UseProxy = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        });
        return services
            .AddTaskHandler<ProcessHandler>("process", ServiceLifetime.Singleton)
            .AddTaskHandler<CalculateHandler>("calculate", ServiceLifetime.Singleton)
            .AddTaskHandler<EchoHandler>("echo", ServiceLifetime.Singleton)
            .AddTaskHandler<SleepHandler>("sleep", ServiceLifetime.Singleton)
            .AddTaskHandler<FailHandler>("fail", ServiceLifetime.Singleton)
            .AddTaskHandler<HttpRequestHandler>("http_request", ServiceLifetime.Transient);
    }
}
