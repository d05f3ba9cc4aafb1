using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Millrace.Manage;

namespace Millrace.Functions;

/// <summary>Runs ended tasks again.</summary>
public sealed class ReplayFunctions(TaskReplayer replayer)
{
    /// <summary><c>POST /api/v1/tasks/{id}/replay</c></summary>
    [Function("ReplayTask")]
    public Task<IResult> ReplayTask(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/v1/tasks/{id}/replay")] HttpRequest request,
        string id, CancellationToken cancellation) =>
        replayer.ReplayAsync(id, request, cancellation);
}
