using System.Reflection;

namespace Millrace.Api.OpenApi;

/// <summary>Every kind of problem there is, one line each; <see cref="Problems"/> has their sentences. A test compares the two.</summary>
internal static class ApiProblems
{
    internal static readonly ApiProblem InvalidTask = new("invalid-task", 400);
    internal static readonly ApiProblem InvalidJson = new("invalid-json", 400);
    internal static readonly ApiProblem InvalidQuery = new("invalid-query", 400);
    internal static readonly ApiProblem InvalidId = new("invalid-id", 400);
    internal static readonly ApiProblem InvalidRetry = new("invalid-retry", 400);
    internal static readonly ApiProblem InvalidEdit = new("invalid-edit", 400);
    internal static readonly ApiProblem InvalidBulkAction = new("invalid-bulk-action", 400);
    internal static readonly ApiProblem InvalidQueue = new("invalid-queue", 400);
    internal static readonly ApiProblem PresetNotFound = new("preset-not-found", 404);
    internal static readonly ApiProblem BulkActionNotFound = new("bulk-action-not-found", 404);
    internal static readonly ApiProblem FailureNotFound = new("failure-not-found", 404);
    internal static readonly ApiProblem QueueNotFound = new("queue-not-found", 404);
    internal static readonly ApiProblem TaskNotFound = new("task-not-found", 404);
    internal static readonly ApiProblem DeadLetterNotFound = new("dead-letter-not-found", 404);
    internal static readonly ApiProblem WorkerNotFound = new("worker-not-found", 404);
    internal static readonly ApiProblem NotDead = new("not-dead", 409);
    internal static readonly ApiProblem NotCancellable = new("not-cancellable", 409);
    internal static readonly ApiProblem Restless = new("restless-task", 409);
    internal static readonly ApiProblem NotWaiting = new("not-waiting", 409);
    internal static readonly ApiProblem NotEnded = new("not-ended", 409);
    internal static readonly ApiProblem QueueNotEmpty = new("queue-not-empty", 409);
    internal static readonly ApiProblem NotConfirmed = new("not-confirmed", 409);
    internal static readonly ApiProblem VersionChanged = new("version-changed", 412);
    internal static readonly ApiProblem KeyReused = new("key-reused", 409);
    internal static readonly ApiProblem OriginalGone = new("original-gone", 409);
    internal static readonly ApiProblem TooManyItems = new("too-many-items", 413);
    internal static readonly ApiProblem BodyTooLarge = new("body-too-large", 413);
    internal static readonly ApiProblem UnsupportedMediaType = new("unsupported-media-type", 415);
    internal static readonly ApiProblem QueueFull = new("queue-full", 429);
    internal static readonly ApiProblem TooManyWait = new("too-many-wait", 429);
    internal static readonly ApiProblem TooManyRequests = new("too-many-requests", 429);
    internal static readonly ApiProblem StreamBroken = new("stream-broken", 503);
    internal static readonly ApiProblem StoreUnavailable = new("store-unavailable", 503);

    internal static IReadOnlyList<ApiProblem> All { get; } =
    [
        .. typeof(ApiProblems).GetFields(BindingFlags.Static | BindingFlags.NonPublic)
            .Select(static field => field.GetValue(null)).OfType<ApiProblem>(),
    ];
}
