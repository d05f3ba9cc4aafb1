using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Millrace.Inspect;

namespace Millrace.Functions;

/// <summary>The ledger.</summary>
public sealed class VerifyFunctions(LedgerInspector ledger)
{
    /// <summary><c>GET /api/v1/verify</c></summary>
    [Function("Verify")]
    public Task<IResult> Verify(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/v1/verify")] HttpRequest request,
        CancellationToken cancellation) =>
        ledger.VerifyAsync(cancellation);
}
