using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Millrace.Telemetry;

/// <summary>Sends the pipeline's spans by OTLP when the standard setting <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says where to.</summary>
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

        return services;
    }
}
