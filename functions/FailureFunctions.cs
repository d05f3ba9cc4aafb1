using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Millrace.Manage;

namespace Millrace.Functions;

/// <summary>What fails, grouped.</summary>
public sealed class FailureFunctions(FailureDesk failures)
{
    /// <summary><c>GET /api/v1/failures</c></summary>
    [Function("Failures")]
    public Task<IResult> Failures(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/v1/failures")] HttpRequest request,
        CancellationToken cancellation) =>
        failures.ListAsync(request, cancellation);

    /// <summary><c>POST /api/v1/failures/{fingerprint}/replay</c></summary>
    [Function("FailureReplay")]
    public Task<IResult> FailureReplay(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/v1/failures/{fingerprint}/replay")] HttpRequest request,
        string fingerprint, CancellationToken cancellation) =>
        failures.ReplayAsync(fingerprint, request, cancellation);
}
