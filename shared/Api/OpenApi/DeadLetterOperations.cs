using Millrace.Api.Answers;
using Millrace.Api.Views;

namespace Millrace.Api.OpenApi;

/// <summary>Tasks that failed for good.</summary>
internal static class DeadLetterOperations
{
    private const string Topic = "Dead letters";

    internal static IReadOnlyList<ApiOperation> All { get; } =
    [
        new("DeadLetters", "GET", "/api/v1/dlq/failed-tasks", Topic, "A page of dead letters, and how many there are.")
        {
            Alias = ("DeadLettersAlias", "/dlq/failed-tasks"),
            Query = ListParameters.WithoutStatus,
            Answers = [new(200, "The page.", ApiJson.Readable.TaskListView)],
            Problems = [ApiProblems.InvalidQuery],
        },
        new("DeadLetter", "GET", "/api/v1/dlq/failed-tasks/{id}", Topic, "One dead letter with its whole history.")
        {
            Alias = ("DeadLetterAlias", "/dlq/failed-tasks/{id}"),
            Answers = [new(200, "The task.", ApiJson.Readable.TaskView)],
            Problems = [ApiProblems.InvalidId, ApiProblems.DeadLetterNotFound],
        },
        new("DeadLetterRetry", "POST", "/api/v1/dlq/failed-tasks/{id}/retry", Topic, "Makes it live again, due now.")
        {
            Alias = ("DeadLetterRetryAlias", "/dlq/failed-tasks/{id}/retry"),
            Bodies = [new(Shape.Named(ApiBodies.Retry)) { IsOptional = true }],
            Answers = [new(202, "The task, live again.", ApiJson.Readable.TaskView)],
            Problems =
            [
                ApiProblems.InvalidId, ApiProblems.InvalidRetry, ApiProblems.InvalidJson, ApiProblems.BodyTooLarge,
                ApiProblems.UnsupportedMediaType, ApiProblems.DeadLetterNotFound, ApiProblems.NotDead,
            ],
        },
        new("DeadLetterDelete", "DELETE", "/api/v1/dlq/failed-tasks/{id}", Topic, "Removes it for good.")
        {
            Alias = ("DeadLetterDeleteAlias", "/dlq/failed-tasks/{id}"),
            Answers = [new(204, "It is gone.")],
            Problems = [ApiProblems.InvalidId, ApiProblems.DeadLetterNotFound, ApiProblems.NotDead],
        },
    ];
}
