using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Millrace.Inspect;

namespace Millrace.Functions;

/// <summary>What one task waits for, what came of it, and what its handler logged.</summary>
public sealed class WatchFunctions(ExplainInspector reasons, ResultInspector results, LogInspector logs)
{
    /// <summary><c>GET /api/v1/tasks/{id}/explain</c></summary>
    [Function("TaskExplain")]
    public Task<IResult> TaskExplain(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/v1/tasks/{id}/explain")] HttpRequest request,
        string id, CancellationToken cancellation) =>
        reasons.GetAsync(id, cancellation);

    /// <summary><c>GET /api/v1/tasks/{id}/result</c></summary>
    [Function("TaskResult")]
    public Task<IResult> TaskResult(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/v1/tasks/{id}/result")] HttpRequest request,
        string id, CancellationToken cancellation) =>
        results.GetAsync(id, request, cancellation);

    /// <summary><c>GET /api/v1/tasks/{id}/logs</c></summary>
    [Function("TaskLogs")]
    public Task<IResult> TaskLogs(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/v1/tasks/{id}/logs")] HttpRequest request,
        string id, CancellationToken cancellation) =>
        logs.ListAsync(id, request, cancellation);
}
