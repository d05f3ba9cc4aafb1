using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Millrace.Inspect;

namespace Millrace.Functions;

/// <summary>What Prometheus reads.</summary>
public sealed class MetricsFunctions(MetricsInspector metrics)
{
    /// <summary><c>GET /metrics</c></summary>
    [Function("Metrics")]
    public Task<IResult> Metrics(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "metrics")] HttpRequest request,
        CancellationToken cancellation) =>
        metrics.GetAsync(cancellation);
}
