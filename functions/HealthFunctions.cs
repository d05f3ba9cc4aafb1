using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Millrace.Inspect;

namespace Millrace.Functions;

/// <summary>Whether it works.</summary>
public sealed class HealthFunctions(HealthInspector health, BackendInspector backends)
{
    /// <summary><c>GET /health</c></summary>
    [Function("Health")]
    public IResult Health(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "health")] HttpRequest request) =>
        HealthInspector.Live();

    /// <summary><c>GET /health/queue</c></summary>
    [Function("HealthQueue")]
    public Task<IResult> HealthQueue(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "health/queue")] HttpRequest request,
        CancellationToken cancellation) =>
        health.QueueAsync(cancellation);

    /// <summary><c>GET /api/v1/health/database</c></summary>
    [Function("HealthDatabase")]
    public Task<IResult> HealthDatabase(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/v1/health/database")] HttpRequest request,
        CancellationToken cancellation) =>
        health.DatabaseAsync(cancellation);

    /// <summary><c>GET /api/v1/health/redis</c></summary>
    [Function("HealthRedis")]
    public Task<IResult> HealthRedis(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/v1/health/redis")] HttpRequest request,
        CancellationToken cancellation) =>
        backends.RedisAsync(cancellation);

    /// <summary><c>GET /api/v1/health/storage</c></summary>
    [Function("HealthStorage")]
    public Task<IResult> HealthStorage(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/v1/health/storage")] HttpRequest request,
        CancellationToken cancellation) =>
        backends.StorageAsync(cancellation);
}
