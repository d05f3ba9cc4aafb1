using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Millrace.Inspect;

namespace Millrace.Functions;

/// <summary>The queues and the pipeline in numbers.</summary>
public sealed class DashboardFunctions(QueueInspector queues, TrendInspector trends)
{
    /// <summary><c>GET /api/v1/dashboard/queue-depth</c></summary>
    [Function("QueueDepth")]
    public Task<IResult> QueueDepth(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/v1/dashboard/queue-depth")] HttpRequest request,
        CancellationToken cancellation) =>
        queues.DepthsAsync(request, cancellation);

    /// <summary><c>GET /api/v1/dashboard/stats</c></summary>
    [Function("DashboardStats")]
    public Task<IResult> DashboardStats(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/v1/dashboard/stats")] HttpRequest request,
        CancellationToken cancellation) =>
        queues.StatsAsync(cancellation);

    /// <summary><c>GET /api/v1/analytics/trends</c></summary>
    [Function("Trends")]
    public Task<IResult> Trends(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/v1/analytics/trends")] HttpRequest request,
        CancellationToken cancellation) =>
        trends.ListAsync(request, cancellation);
}
