using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Millrace.Tests.Local.Hosting;

public sealed class GatedWeb(Gate gate)
{
    [Function("gated")]
    public async Task<IResult> Gated(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, CancellationToken cancellation)
    {
        try
        {
            await gate.PassAsync("entered", cancellation);
            return Results.Text("passed");
        }
        catch (OperationCanceledException)
        {
            gate.Report("cancelled");
            return Results.Text("cancelled");
        }
    }
}
