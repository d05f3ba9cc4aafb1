using Microsoft.Extensions.DependencyInjection;
using Millrace.Handlers;
using Millrace.Samples.Flights;

namespace Millrace.Samples;

/// <summary>Registers the handlers of this project. Write one such method for yours.</summary>
public static class SampleHandlerServiceCollectionExtensions
{
    /// <summary>Tasks of type <c>flight</c> are run by the sample handler.</summary>
    public static IServiceCollection AddSampleHandlers(this IServiceCollection services) => services

        // It keeps no state, so one instance serves every task. The default, scoped, makes one per attempt.
        .AddTaskHandler<FlightHandler>("flight", ServiceLifetime.Singleton);
}
