using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Millrace.Api;

namespace Millrace.Functions;

/// <summary>Accepts tasks over HTTP.</summary>
public sealed class SubmitFunctions(SubmitApi one, BulkApi bulk)
{
    [Function("SubmitTask")]
    public Task<IResult> SubmitTask(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/v1/tasks")] HttpRequest request, CancellationToken cancellation) =>
        one.SubmitAsync(request, cancellation);

    [Function("SubmitTaskShort")]
    public Task<IResult> SubmitTaskShort(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "tasks")] HttpRequest request, CancellationToken cancellation) =>
        one.SubmitAsync(request, cancellation);

    [Function("SubmitBulk")]
    public Task<IResult> SubmitBulk(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/v1/tasks/bulk")] HttpRequest request, CancellationToken cancellation) =>
        bulk.SubmitAsync(request, cancellation);
}
