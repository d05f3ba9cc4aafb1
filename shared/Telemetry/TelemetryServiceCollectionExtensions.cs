using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Millrace.Store;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Millrace.Telemetry;

/// <summary>Counts what the pipeline costs, and sends its spans by OTLP when the standard setting <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says where to.</summary>
internal static class TelemetryServiceCollectionExtensions
{
    internal static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        if (!string.IsNullOrEmpty(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            services.AddOpenTelemetry()
                .WithTracing(static tracing => tracing.AddSource(PipelineActivity.SourceName))
                .UseOtlpExporter();
        }

        return services.AddSingleton(static provider => new CostKeeper(
            provider.GetRequiredService<TaskStore>(),
            provider.GetRequiredService<CostMeter>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<CostKeeper>>()));
    }
}
