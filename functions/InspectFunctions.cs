using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Millrace.Inspect;

namespace Millrace.Functions;

/// <summary>One task, and lists of them.</summary>
public sealed class InspectFunctions(TaskInspector tasks)
{
    /// <summary><c>GET /api/v1/tasks/{id}</c></summary>
    [Function("InspectTask")]
    public Task<IResult> InspectTask(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/v1/tasks/{id}")] HttpRequest request,
        string id, CancellationToken cancellation) =>
        tasks.GetAsync(id, request, cancellation);

    /// <summary><c>GET /tasks/{id}</c></summary>
    [Function("InspectTaskAlias")]
    public Task<IResult> InspectTaskAlias(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "tasks/{id}")] HttpRequest request,
        string id, CancellationToken cancellation) =>
        tasks.GetAsync(id, request, cancellation);

    /// <summary><c>GET /api/v1/tasks</c></summary>
    [Function("InspectTasks")]
    public Task<IResult> InspectTasks(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/v1/tasks")] HttpRequest request,
        CancellationToken cancellation) =>
        tasks.ListAsync(request, cancellation);

    /// <summary><c>GET /tasks</c></summary>
    [Function("InspectTasksAlias")]
    public Task<IResult> InspectTasksAlias(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "tasks")] HttpRequest request,
        CancellationToken cancellation) =>
        tasks.ListAsync(request, cancellation);
}
