using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Millrace.Manage;

namespace Millrace.Functions;

/// <summary>Empties queues.</summary>
public sealed class QueueClearFunctions(BulkActionDesk bulk)
{
    /// <summary><c>POST /api/v1/queues/{name}/clear</c></summary>
    [Function("QueueClear")]
    public Task<IResult> QueueClear(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = "api/v1/queues/{name}/clear")] HttpRequest request,
        string name, CancellationToken cancellation) =>
        bulk.ClearQueueAsync(name, request, cancellation);
}
