using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Millrace.Manage;

namespace Millrace.Functions;

/// <summary>Ends tasks.</summary>
public sealed class CancelFunctions(TaskCanceller canceller)
{
    /// <summary><c>POST /api/v1/tasks/{id}/cancel</c></summary>
    [Function("CancelTask")]
    public Task<IResult> CancelTask(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/v1/tasks/{id}/cancel")] HttpRequest request,
        string id, CancellationToken cancellation) =>
        canceller.CancelAsync(id, cancellation);

    /// <summary><c>POST /tasks/{id}/cancel</c></summary>
    [Function("CancelTaskAlias")]
    public Task<IResult> CancelTaskAlias(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "tasks/{id}/cancel")] HttpRequest request,
        string id, CancellationToken cancellation) =>
        canceller.CancelAsync(id, cancellation);
}
