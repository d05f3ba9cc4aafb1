using System.Globalization;
using Microsoft.AspNetCore.Http;
using Millrace.Api.Views;
using Millrace.Lifecycle;
using Millrace.Submit;

namespace Millrace.Api.Answers;

/// <summary>Every problem the API can answer with: its stable slug, its status, its sentence.</summary>
internal static class Problems
{
    internal const string Prefix = "urn:millrace:problem:";

    /// <summary>When to ask again while the database is away.</summary>
    internal static readonly TimeSpan ComeBackAfter = TimeSpan.FromSeconds(5);

    /// <summary>When to look whether a full queue has room.</summary>
    internal static readonly TimeSpan RoomAfter = TimeSpan.FromSeconds(10);

    /// <summary>When to ask again for a result that is not there.</summary>
    internal static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(1);

    internal static JsonAnswer<Problem> InvalidTask(IReadOnlyDictionary<string, string[]> errors) => Answer(
        new(Prefix + "invalid-task", "The task is not acceptable.", StatusCodes.Status400BadRequest,
            "Nothing was accepted. Mend every field named in errors and send it again.")
        { Errors = errors });

    internal static JsonAnswer<Problem> InvalidItems(IReadOnlyList<ItemView> items, string? more) => InvalidTask(ErrorsOf(items, more));

    /// <summary>An atomic array with keys of other submissions.</summary>
    internal static JsonAnswer<Problem> KeysReused(IReadOnlyList<ItemView> items, string? more) => Answer(
        new(Prefix + "key-reused", "Keys belong to other submissions.", StatusCodes.Status409Conflict,
            "Nothing was accepted. Give the items named in errors other keys, or send what was sent with these.")
        { Errors = ErrorsOf(items, more) });

    /// <summary>An atomic array that does not fit.</summary>
    internal static JsonAnswer<Problem> NoRoomForItems(IReadOnlyList<ItemView> items, string? more) => Answer(
        new(Prefix + "queue-full", "The queue is full.", StatusCodes.Status429TooManyRequests,
            "Nothing was accepted, for there is no room for the items named in errors. Send it again after the time in Retry-After.")
        { Errors = ErrorsOf(items, more) },
        RoomAfter);

    internal static JsonAnswer<Problem> TooManyItems(int sent, int limit) => Answer(
        new(Prefix + "too-many-items", "The array is too long.", StatusCodes.Status413PayloadTooLarge,
            $"It has {sent} tasks; up to {limit} may come in one array. Stream more as NDJSON to /api/v1/tasks/bulk."));

    internal static JsonAnswer<Problem> InvalidJson(string detail) => Answer(
        new(Prefix + "invalid-json", "The body is not the JSON that was expected.", StatusCodes.Status400BadRequest, detail));

    internal static JsonAnswer<Problem> InvalidQuery(IReadOnlyDictionary<string, string[]> errors) => Answer(
        new(Prefix + "invalid-query", "The query is not acceptable.", StatusCodes.Status400BadRequest,
            "Mend every parameter named in errors and send it again.")
        { Errors = errors });

    internal static JsonAnswer<Problem> InvalidId(string id) => Answer(
        new(Prefix + "invalid-id", "That is not a task id.", StatusCodes.Status400BadRequest,
            $"'{Shown(id)}' is not a UUID. Use the id that the submission answered with, like 01890a5d-ac96-774b-bcce-b302099a8057."));

    internal static JsonAnswer<Problem> TaskNotFound(Guid id) => Answer(
        new(Prefix + "task-not-found", "There is no such task.", StatusCodes.Status404NotFound,
            $"No live, finished or dead task has the id {id:D}. Finished tasks are kept for the retention period only."));

    internal static JsonAnswer<Problem> DeadLetterNotFound(Guid id) => Answer(
        new(Prefix + "dead-letter-not-found", "There is no such dead letter.", StatusCodes.Status404NotFound,
            $"No dead letter has the id {id:D}. GET /dlq/failed-tasks lists the dead letters there are."));

    internal static JsonAnswer<Problem> NotDead(Guid id, string status) => Conflict(
        "not-dead", "The task is not a dead letter.",
        $"Task {id:D} is {status}. Only a failed task can be retried or deleted here.");

    internal static JsonAnswer<Problem> NotCancellable(Guid id, string status) => Conflict(
        "not-cancellable", "The task has ended.",
        $"Task {id:D} is {status}, so there is nothing left to cancel.");

    internal static JsonAnswer<Problem> Restless(Guid id) => Conflict(
        "restless-task", "The task kept moving.",
        $"Task {id:D} changed its state each time it was looked at. Send the request again.");

    internal static JsonAnswer<Problem> WorkerNotFound(string id) => Answer(
        new(Prefix + "worker-not-found", "There is no such worker.", StatusCodes.Status404NotFound,
            $"No executor with the id '{Shown(id)}' has reported. GET /workers lists those that have."));

    internal static JsonAnswer<Problem> PresetNotFound(string name, IEnumerable<string> names) => Answer(
        new(Prefix + "preset-not-found", "There is no such preset.", StatusCodes.Status404NotFound,
            $"'{Shown(name)}' is none. Use one of {string.Join(", ", names)}."));

    internal static JsonAnswer<Problem> InvalidEdit(IReadOnlyDictionary<string, string[]> errors) => Answer(
        new(Prefix + "invalid-edit", "The change is not acceptable.", StatusCodes.Status400BadRequest,
            "The task stays as it is. Mend every field named in errors and send it again.")
        { Errors = errors });

    internal static JsonAnswer<Problem> NotWaiting(Guid id, string status) => Conflict(
        "not-waiting", "The task does not wait.",
        $"Task {id:D} is {status}. Only a task that is scheduled, pending, retrying or blocked can be changed.");

    internal static JsonAnswer<Problem> NotEnded(Guid id, string status) => Conflict(
        "not-ended", "The task has not ended.",
        $"Task {id:D} is {status}. Only a failed, succeeded, cancelled or expired task can be replayed; cancel it first, or wait for its end.");

    internal static JsonAnswer<Problem> VersionChanged(Guid id, string tag) => Answer(
        new(Prefix + "version-changed", "The task has changed.", StatusCodes.Status412PreconditionFailed,
            $"Task {id:D} has the ETag {tag} now, not the one in If-Match. Read it again, and change what it is now."));

    internal static JsonAnswer<Problem> InvalidBulkAction(IReadOnlyDictionary<string, string[]> errors) => Answer(
        new(Prefix + "invalid-bulk-action", "The bulk action is not acceptable.", StatusCodes.Status400BadRequest,
            "Nothing was done. Mend every field named in errors and send it again.")
        { Errors = errors });

    internal static JsonAnswer<Problem> BulkActionNotFound(string id) => Answer(
        new(Prefix + "bulk-action-not-found", "There is no such bulk action.", StatusCodes.Status404NotFound,
            $"'{Shown(id)}' is none. Use the id that the order was answered with."));

    internal static JsonAnswer<Problem> NotConfirmed(long confirmed, long matched) => Conflict(
        "not-confirmed", "There are more than was confirmed.",
        $"The request confirms {confirmed} tasks, and {matched} match. Nothing was done. Send \"confirm\": {matched} when that is what you want.");

    internal static JsonAnswer<Problem> TooManyToConfirm(long counted) => Conflict(
        "not-confirmed", "There are too many to be counted in time.",
        $"More than {counted} match, and how many cannot be counted while you wait. Nothing was done. Narrow the filters, for instance by created_before, and do it in parts.");

    internal static JsonAnswer<Problem> FailureNotFound(string fingerprint) => Answer(
        new(Prefix + "failure-not-found", "There is no such failure.", StatusCodes.Status404NotFound,
            $"No dead letter has the fingerprint '{Shown(fingerprint)}'. GET /api/v1/failures lists those there are."));

    internal static JsonAnswer<Problem> InvalidRetry(IReadOnlyDictionary<string, string[]> errors) => Answer(
        new(Prefix + "invalid-retry", "The retry is not acceptable.", StatusCodes.Status400BadRequest,
            "The task stays as it is. Mend every field named in errors and send it again.")
        { Errors = errors });

    internal static JsonAnswer<Problem> KeyReused(string detail) => Conflict("key-reused", "The key belongs to another submission.", detail);

    internal static JsonAnswer<Problem> OriginalGone(string key, Guid id) => Conflict(
        "original-gone", "The task was accepted before, and is gone.",
        $"'{Shown(key)}' was used for task {id:D}, which has been deleted since or is beyond the retention. Use another to run it again.");

    internal static JsonAnswer<Problem> QueueFull(string queueName, int? maxDepth) => Answer(
        new(Prefix + "queue-full", "The queue is full.", StatusCodes.Status429TooManyRequests,
            Full(queueName, maxDepth) + " Nothing was accepted."),
        RoomAfter);

    internal static string Full(string queueName, int? maxDepth) =>
        $"In queue {queueName} the {maxDepth} tasks wait that its max_depth allows. Send it again when there is room.";

    internal static JsonAnswer<Problem> QueueNotFound(string name) => Answer(
        new(Prefix + "queue-not-found", "There is no such queue.", StatusCodes.Status404NotFound,
            $"No queue has the name '{Shown(name)}'. GET /api/v1/queues lists those there are; PUT or a submission makes a new one."));

    /// <summary>A queue that is to be removed and holds something.</summary>
    internal static JsonAnswer<Problem> QueueNotEmpty(string name, long live, long dead) => Conflict(
        "queue-not-empty", "The queue is not empty.",
        $"Queue {Shown(name)} has {Counted(live)} live tasks and {Counted(dead)} dead letters, and stays. Wait for the tasks or clear the queue, "
        + "retry or delete the dead letters, and send it again.");

    internal static JsonAnswer<Problem> InvalidQueue(IReadOnlyDictionary<string, string[]> errors) => Answer(
        new(Prefix + "invalid-queue", "The queue is not acceptable.", StatusCodes.Status400BadRequest,
            "Nothing was changed. Mend every field named in errors and send it again.")
        { Errors = errors });

    internal static JsonAnswer<Problem> TooManyWait(int taken, int most, int share) => Answer(
        new(Prefix + "too-many-wait", "Too many requests wait for results.", StatusCodes.Status429TooManyRequests,
            $"{taken} of {most} places to wait in this process are taken, and one key may have {share} of them now. "
            + "Ask without wait, or again after the time in Retry-After."),
        AskAgainAfter);

    internal static JsonAnswer<Problem> TaskTooLarge(int limit) => BodyTooLarge(
        $"A task may have up to {limit} bytes of JSON. Keep the data in a blob or a table and pass a reference to it.");

    internal static JsonAnswer<Problem> ArrayTooLarge(int limit) => BodyTooLarge(
        $"An array of tasks may have up to {limit} bytes. Stream more as NDJSON to /api/v1/tasks/bulk.");

    internal static JsonAnswer<Problem> OrderTooLarge(int limit) => BodyTooLarge(
        $"This request needs no more than {limit} bytes. Send only the fields that it knows.");

    internal static JsonAnswer<Problem> UnsupportedMediaType(string? sent, string expected) => Answer(
        new(Prefix + "unsupported-media-type", "The body's media type is not supported.", StatusCodes.Status415UnsupportedMediaType,
            $"The Content-Type is '{Shown(sent ?? string.Empty)}'; send {expected}."));

    internal static JsonAnswer<Problem> UnsupportedCoding(string coding) => Answer(
        new(Prefix + "unsupported-media-type", "The body is compressed.", StatusCodes.Status415UnsupportedMediaType,
            $"Its Content-Encoding is '{Shown(coding)}', and bodies are read as they are. Send it as it is, without that header."));

    internal static JsonAnswer<Problem> Conflict(string slug, string title, string detail) => Answer(
        new(Prefix + slug, title, StatusCodes.Status409Conflict, detail));

    internal static JsonAnswer<Problem> StoreUnavailable() => Answer(
        new(Prefix + "store-unavailable", "The database does not answer.", StatusCodes.Status503ServiceUnavailable,
            "PostgreSQL could not be reached in time. Nothing of this request is known to be done; send it again after the time in Retry-After."),
        ComeBackAfter);

    /// <summary>A stream is cut short: what its view says is committed stays.</summary>
    internal static Problem StreamCut() => new(
        Prefix + "store-unavailable", "The database does not answer.", StatusCodes.Status503ServiceUnavailable,
        "PostgreSQL could not be reached in time. Lines through committed_through_line are accepted or refused for good; whether the chunk "
        + "behind it was committed is not known. Send the rest again after the time in Retry-After.");

    internal static JsonAnswer<Problem> TooManyRequests(TimeSpan wait) => Answer(
        new(Prefix + "too-many-requests", "There were too many requests.", StatusCodes.Status429TooManyRequests,
            "This key has used up its requests for now, and nothing was done. Send it again after the time in Retry-After."),
        wait);

    /// <summary>The body of a stream ended before its end: the connection broke, or this host stops.</summary>
    /// <param name="fault">The status of what the client did wrong; null when it was not that.</param>
    internal static Problem StreamBroken(int? fault) => new Problem(
        Prefix + "stream-broken", "The stream broke off.", StatusCodes.Status503ServiceUnavailable,
        "Lines through committed_through_line are accepted or refused for good, the others are not. Send the rest, or all of it again "
        + "with the Idempotency-Key that it had.") with
    { Status = fault ?? StatusCodes.Status503ServiceUnavailable };

    private static Dictionary<string, string[]> ErrorsOf(IReadOnlyList<ItemView> items, string? more)
    {
        var errors = items.Where(static item => item.Errors is not null)
            .SelectMany(static item => item.Errors!.Select(error => ($"[{item.Index}].{error.Key}", error.Value)))
            .ToDictionary(static error => error.Item1, static error => error.Value, StringComparer.Ordinal);
        if (more is not null)
        {
            errors[Faults.Elsewhere] = [more];
        }

        return errors;
    }

    private static JsonAnswer<Problem> BodyTooLarge(string detail) => Answer(
        new(Prefix + "body-too-large", "The body is too large.", StatusCodes.Status413PayloadTooLarge, detail));

    private static JsonAnswer<Problem> Answer(Problem problem, TimeSpan? retryAfter = null) =>
        new(problem.Status, problem, ApiJson.Readable.Problem, "application/problem+json") { RetryAfter = retryAfter };

    /// <summary>A number that was not counted to its end.</summary>
    private static string Counted(long count) => string.Create(CultureInfo.InvariantCulture, $"{(count >= 100_000 ? "at least " : string.Empty)}{count:N0}");

    /// <summary>What a client sent, short enough to be shown.</summary>
    private static string Shown(string text) => ShortText.Of(text, 80);
}
