using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Millrace.Inspect;

namespace Millrace.Functions;

/// <summary>The executors, which the API calls workers.</summary>
public sealed class WorkerFunctions(WorkerInspector workers)
{
    /// <summary><c>GET /workers</c></summary>
    [Function("WorkersAlias")]
    public Task<IResult> WorkersAlias(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "workers")] HttpRequest request,
        CancellationToken cancellation) =>
        workers.ListAsync(cancellation);

    /// <summary><c>GET /api/v1/workers/status/all</c></summary>
    [Function("WorkersStatus")]
    public Task<IResult> WorkersStatus(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/v1/workers/status/all")] HttpRequest request,
        CancellationToken cancellation) =>
        workers.ListAsync(cancellation);

    /// <summary><c>GET /api/v1/workers/{id}/status</c></summary>
    [Function("WorkerStatus")]
    public Task<IResult> WorkerStatus(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/v1/workers/{id}/status")] HttpRequest request,
        string id, CancellationToken cancellation) =>
        workers.GetAsync(id, cancellation);

    /// <summary><c>GET /api/v1/resilience/health/{id}</c></summary>
    [Function("WorkerHealth")]
    public Task<IResult> WorkerHealth(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/v1/resilience/health/{id}")] HttpRequest request,
        string id, CancellationToken cancellation) =>
        workers.GetAsync(id, cancellation);
}
