using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Millrace.DeadLetters;

namespace Millrace.Functions;

/// <summary>Dead letters: look, retry, delete.</summary>
public sealed class DeadLetterFunctions(DeadLetterDesk desk)
{
    /// <summary><c>GET /api/v1/dlq/failed-tasks</c></summary>
    [Function("DeadLetters")]
    public Task<IResult> DeadLetters(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/v1/dlq/failed-tasks")] HttpRequest request,
        CancellationToken cancellation) =>
        desk.ListAsync(request, cancellation);

    /// <summary><c>GET /api/v1/dlq/failed-tasks/{id}</c></summary>
    [Function("DeadLetter")]
    public Task<IResult> DeadLetter(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/v1/dlq/failed-tasks/{id}")] HttpRequest request,
        string id, CancellationToken cancellation) =>
        desk.GetAsync(id, cancellation);

    /// <summary><c>POST /api/v1/dlq/failed-tasks/{id}/retry</c></summary>
    [Function("DeadLetterRetry")]
    public Task<IResult> DeadLetterRetry(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/v1/dlq/failed-tasks/{id}/retry")] HttpRequest request,
        string id, CancellationToken cancellation) =>
        desk.RetryAsync(id, request, cancellation);

    /// <summary><c>DELETE /api/v1/dlq/failed-tasks/{id}</c></summary>
    [Function("DeadLetterDelete")]
    public Task<IResult> DeadLetterDelete(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "api/v1/dlq/failed-tasks/{id}")] HttpRequest request,
        string id, CancellationToken cancellation) =>
        desk.DeleteAsync(id, cancellation);

    /// <summary><c>GET /dlq/failed-tasks</c></summary>
    [Function("DeadLettersAlias")]
    public Task<IResult> DeadLettersAlias(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "dlq/failed-tasks")] HttpRequest request,
        CancellationToken cancellation) =>
        desk.ListAsync(request, cancellation);

    /// <summary><c>GET /dlq/failed-tasks/{id}</c></summary>
    [Function("DeadLetterAlias")]
    public Task<IResult> DeadLetterAlias(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "dlq/failed-tasks/{id}")] HttpRequest request,
        string id, CancellationToken cancellation) =>
        desk.GetAsync(id, cancellation);

    /// <summary><c>POST /dlq/failed-tasks/{id}/retry</c></summary>
    [Function("DeadLetterRetryAlias")]
    public Task<IResult> DeadLetterRetryAlias(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "dlq/failed-tasks/{id}/retry")] HttpRequest request,
        string id, CancellationToken cancellation) =>
        desk.RetryAsync(id, request, cancellation);

    /// <summary><c>DELETE /dlq/failed-tasks/{id}</c></summary>
    [Function("DeadLetterDeleteAlias")]
    public Task<IResult> DeadLetterDeleteAlias(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "dlq/failed-tasks/{id}")] HttpRequest request,
        string id, CancellationToken cancellation) =>
        desk.DeleteAsync(id, cancellation);
}
