using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Millrace.Manage;

namespace Millrace.Functions;

/// <summary>The queues: look, bound, pause, resume, remove.</summary>
public sealed class QueueFunctions(QueueManager queues)
{
    /// <summary><c>GET /api/v1/queues</c></summary>
    [Function("Queues")]
    public Task<IResult> Queues(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/v1/queues")] HttpRequest request,
        CancellationToken cancellation) =>
        queues.ListAsync(request, cancellation);

    /// <summary><c>GET /api/v1/queues/{name}</c></summary>
    [Function("QueueGet")]
    public Task<IResult> QueueGet(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/v1/queues/{name}")] HttpRequest request,
        string name, CancellationToken cancellation) =>
        queues.GetAsync(name, cancellation);

    /// <summary><c>PUT /api/v1/queues/{name}</c></summary>
    [Function("QueuePut")]
    public Task<IResult> QueuePut(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = "api/v1/queues/{name}")] HttpRequest request,
        string name, CancellationToken cancellation) =>
        queues.PutAsync(name, request, cancellation);

    /// <summary><c>DELETE /api/v1/queues/{name}</c></summary>
    [Function("QueueDelete")]
    public Task<IResult> QueueDelete(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "api/v1/queues/{name}")] HttpRequest request,
        string name, CancellationToken cancellation) =>
        queues.DeleteAsync(name, cancellation);

    /// <summary><c>POST /api/v1/queues/{name}/pause</c></summary>
    [Function("QueuePause")]
    public Task<IResult> QueuePause(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/v1/queues/{name}/pause")] HttpRequest request,
        string name, CancellationToken cancellation) =>
        queues.PauseAsync(name, cancellation);

    /// <summary><c>POST /api/v1/queues/{name}/resume</c></summary>
    [Function("QueueResume")]
    public Task<IResult> QueueResume(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/v1/queues/{name}/resume")] HttpRequest request,
        string name, CancellationToken cancellation) =>
        queues.ResumeAsync(name, cancellation);
}
