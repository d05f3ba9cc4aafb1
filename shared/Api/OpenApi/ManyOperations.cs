using Millrace.Api.Answers;
using Millrace.Api.Views;

namespace Millrace.Api.OpenApi;

/// <summary>Many tasks at once: bulk actions, failures, dead letters by filter.</summary>
internal static class ManyOperations
{
    private const string Topic = "Many at once";

    private static readonly ApiProblem[] Ordering =
    [
        ApiProblems.InvalidBulkAction, ApiProblems.InvalidJson, ApiProblems.BodyTooLarge, ApiProblems.UnsupportedMediaType,
    ];

    private static readonly ApiAnswer Begun = new(202, "It is accepted, as a task of its own.", ApiJson.Readable.BulkActionView);
    private static readonly ApiAnswer Counted = new(200, "A dry run: how many match, and some of them.", ApiJson.Readable.BulkCountView);
    private static readonly ApiAnswer ToConfirm = new(200, "How many it is about: send that number as confirm. It is refused when more match by then.", ApiJson.Readable.BulkCountView);

    internal static IReadOnlyList<ApiOperation> All { get; } =
    [
        new("BulkAction", "POST", "/api/v1/search/tasks/bulk-action", Topic, "Does something to every task that matches.")
        {
            Bodies = [new(Shape.Named(ApiBodies.BulkAction))],
            Answers = [Begun, Counted],
            Problems = Ordering,
        },
        new("BulkActionShow", "GET", "/api/v1/bulk-actions/{id}", Topic, "How far a bulk action is.")
        {
            Answers = [new(200, "The action.", ApiJson.Readable.BulkActionView)],
            Problems = [ApiProblems.BulkActionNotFound],
        },
        new("BulkActionAbort", "POST", "/api/v1/bulk-actions/{id}/abort", Topic, "Ends a bulk action after the chunk that it is in.")
        {
            Answers =
            [
                new(200, "It is aborted.", ApiJson.Readable.BulkActionView),
                new(202, "Its executor is asked to stop.", ApiJson.Readable.BulkActionView),
            ],
            Problems = [ApiProblems.BulkActionNotFound, ApiProblems.NotCancellable, ApiProblems.Restless],
        },
        new("Failures", "GET", "/api/v1/failures", Topic, "What fails, by what the failures have in common.")
        {
            Query = [new("limit", Shape.Whole(1, null, 100), "How many groups at most; more than 100 is 100.")],
            Answers = [new(200, "The groups, the largest first.", ApiJson.Readable.FailuresView)],
            Problems = [ApiProblems.InvalidQuery],
        },
        new("FailureReplay", "POST", "/api/v1/failures/{fingerprint}/replay", Topic, "Tries all dead letters of a failure again, a few first if so wished.")
        {
            Bodies = [new(Shape.Named(ApiBodies.FailureReplay)) { IsOptional = true }],
            Answers = [Begun, Counted],
            Problems = [.. Ordering, ApiProblems.FailureNotFound],
        },
        new("DeadLetterRetryMany", "POST", "/api/v1/dlq/failed-tasks/retry", Topic, "Tries all dead letters that match again.")
        {
            Alias = ("DeadLetterRetryManyAlias", "/dlq/failed-tasks/retry"),
            Bodies = [new(Shape.Named(ApiBodies.RetryMany))],
            Answers = [Begun, Counted],
            Problems = Ordering,
        },
        new("DeadLetterExport", "GET", "/api/v1/dlq/export", Topic, "All dead letters that match, whole, a JSON object per line.")
        {
            Alias = ("DeadLetterExportAlias", "/dlq/export"),
            Query = ListParameters.FiltersWithoutStatus,
            Answers = [new(200, "The lines; each is a task.", null, "application/x-ndjson")],
            Problems = [ApiProblems.InvalidQuery],
        },
        new("DeadLetterPurge", "POST", "/api/v1/dlq/purge", Topic, "Deletes all dead letters that match, for good.")
        {
            Alias = ("DeadLetterPurgeAlias", "/dlq/purge"),
            Access = ApiAccess.Admin,
            Bodies = [new(Shape.Named(ApiBodies.Purge))],
            Answers = [ToConfirm, Begun],
            Problems = [.. Ordering, ApiProblems.NotConfirmed],
        },
        new("QueueClear", "POST", "/api/v1/queues/{name}/clear", Topic, "Cancels all that waits in a queue.")
        {
            Access = ApiAccess.Admin,
            Bodies = [new(Shape.Named(ApiBodies.Confirm)) { IsOptional = true }],
            Answers = [ToConfirm, Begun],
            Problems = [.. Ordering, ApiProblems.NotConfirmed, ApiProblems.QueueNotFound],
        },
    ];
}
