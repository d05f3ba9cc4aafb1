using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Millrace.Api.Submission;

namespace Millrace.Functions;

/// <summary>Accepts tasks over HTTP.</summary>
public sealed class SubmitFunctions(SubmitApi one, BulkApi bulk)
{
    /// <summary><c>POST /api/v1/tasks</c></summary>
    [Function("SubmitTask")]
    public Task<IResult> SubmitTask(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/v1/tasks")] HttpRequest request, CancellationToken cancellation) =>
        one.SubmitAsync(request, cancellation);

    /// <summary><c>POST /tasks</c></summary>
    [Function("SubmitTaskAlias")]
    public Task<IResult> SubmitTaskAlias(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "tasks")] HttpRequest request, CancellationToken cancellation) =>
        one.SubmitAsync(request, cancellation);

    /// <summary><c>POST /api/v1/tasks/bulk</c></summary>
    [Function("SubmitBulk")]
    public Task<IResult> SubmitBulk(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/v1/tasks/bulk")] HttpRequest request, CancellationToken cancellation) =>
        bulk.SubmitAsync(request, cancellation);
}
