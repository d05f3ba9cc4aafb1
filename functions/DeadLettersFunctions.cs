using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Millrace.DeadLetters;
using Millrace.Manage;

namespace Millrace.Functions;

/// <summary>Many dead letters at once: retry, export, purge.</summary>
public sealed class DeadLettersFunctions(BulkActionDesk bulk, DeadLetterExport export)
{
    /// <summary><c>POST /api/v1/dlq/failed-tasks/retry</c></summary>
    [Function("DeadLetterRetryMany")]
    public Task<IResult> DeadLetterRetryMany(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/v1/dlq/failed-tasks/retry")] HttpRequest request,
        CancellationToken cancellation) =>
        bulk.RetryDeadLettersAsync(request, cancellation);

    /// <summary><c>POST /dlq/failed-tasks/retry</c></summary>
    [Function("DeadLetterRetryManyAlias")]
    public Task<IResult> DeadLetterRetryManyAlias(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "dlq/failed-tasks/retry")] HttpRequest request,
        CancellationToken cancellation) =>
        bulk.RetryDeadLettersAsync(request, cancellation);

    /// <summary><c>POST /api/v1/dlq/purge</c></summary>
    [Function("DeadLetterPurge")]
    public Task<IResult> DeadLetterPurge(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = "api/v1/dlq/purge")] HttpRequest request,
        CancellationToken cancellation) =>
        bulk.PurgeDeadLettersAsync(request, cancellation);

    /// <summary><c>POST /dlq/purge</c></summary>
    [Function("DeadLetterPurgeAlias")]
    public Task<IResult> DeadLetterPurgeAlias(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = "dlq/purge")] HttpRequest request,
        CancellationToken cancellation) =>
        bulk.PurgeDeadLettersAsync(request, cancellation);

    /// <summary><c>GET /api/v1/dlq/export</c></summary>
    [Function("DeadLetterExport")]
    public IResult DeadLetterExport(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/v1/dlq/export")] HttpRequest request) =>
        export.Export(request);

    /// <summary><c>GET /dlq/export</c></summary>
    [Function("DeadLetterExportAlias")]
    public IResult DeadLetterExportAlias(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "dlq/export")] HttpRequest request) =>
        export.Export(request);
}
