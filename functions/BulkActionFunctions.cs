using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Millrace.Manage;

namespace Millrace.Functions;

/// <summary>Does something to many tasks at once.</summary>
public sealed class BulkActionFunctions(BulkActionDesk bulk)
{
    /// <summary><c>POST /api/v1/search/tasks/bulk-action</c></summary>
    [Function("BulkAction")]
    public Task<IResult> BulkAction(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/v1/search/tasks/bulk-action")] HttpRequest request,
        CancellationToken cancellation) =>
        bulk.OrderAsync(request, cancellation);

    /// <summary><c>GET /api/v1/bulk-actions/{id}</c></summary>
    [Function("BulkActionShow")]
    public Task<IResult> BulkActionShow(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/v1/bulk-actions/{id}")] HttpRequest request,
        string id, CancellationToken cancellation) =>
        bulk.GetAsync(id, cancellation);

    /// <summary><c>POST /api/v1/bulk-actions/{id}/abort</c></summary>
    [Function("BulkActionAbort")]
    public Task<IResult> BulkActionAbort(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/v1/bulk-actions/{id}/abort")] HttpRequest request,
        string id, CancellationToken cancellation) =>
        bulk.AbortAsync(id, cancellation);
}
