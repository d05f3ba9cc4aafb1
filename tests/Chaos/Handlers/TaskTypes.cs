using Microsoft.Extensions.DependencyInjection;
using Millrace.Handlers;

namespace Millrace.Tests.Chaos.Handlers;

/// <summary>The types of tasks that the programme sends.</summary>
internal static class TaskTypes
{
    internal const string Quick = "quick";
    internal const string Slow = "slow";
    internal const string Blocking = "blocking";
    internal const string Killer = "killer";

    internal static IServiceCollection AddWitnessedHandlers(this IServiceCollection services) => services
        .AddTaskHandler<QuickHandler>(Quick, ServiceLifetime.Singleton)
        .AddTaskHandler<SlowHandler>(Slow, ServiceLifetime.Singleton)
        .AddTaskHandler<BlockingHandler>(Blocking, ServiceLifetime.Singleton)
        .AddTaskHandler<KillerHandler>(Killer, ServiceLifetime.Singleton);
}
