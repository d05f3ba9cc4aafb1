using Millrace.Api.Answers;
using Millrace.Api.Views;

namespace Millrace.Api.OpenApi;

/// <summary>Queues.</summary>
internal static class QueueOperations
{
    private const string Topic = "Queues";

    internal static IReadOnlyList<ApiOperation> All { get; } =
    [
        new("Queues", "GET", "/api/v1/queues", Topic, "A page of queues, by name.")
        {
            Query = [ListParameters.Limit, ListParameters.Cursor],
            Answers = [new(200, "The page.", ApiJson.Readable.QueueListView)],
            Problems = [ApiProblems.InvalidQuery],
        },
        new("QueueGet", "GET", "/api/v1/queues/{name}", Topic, "One queue.")
        {
            Answers = [new(200, "The queue.", ApiJson.Readable.QueueView)],
            Problems = [ApiProblems.QueueNotFound],
        },
        new("QueuePut", "PUT", "/api/v1/queues/{name}", Topic, "Sets how many tasks may wait in a queue; makes the queue when it is new.")
        {
            Bodies = [new(Shape.Named(ApiBodies.Queue))],
            Answers = [new(200, "The queue.", ApiJson.Readable.QueueView), new(201, "The queue, which is new.", ApiJson.Readable.QueueView)],
            Problems = [ApiProblems.InvalidQueue, ApiProblems.InvalidJson, ApiProblems.BodyTooLarge, ApiProblems.UnsupportedMediaType],
        },
        new("QueueDelete", "DELETE", "/api/v1/queues/{name}", Topic, "Removes a queue that holds nothing; a submission makes it again.")
        {
            Answers = [new(204, "It is gone.")],
            Problems = [ApiProblems.QueueNotFound, ApiProblems.QueueNotEmpty],
        },
        new("QueuePause", "POST", "/api/v1/queues/{name}/pause", Topic, "Starts nothing more of a queue; what runs goes on.")
        {
            Answers = [new(200, "The queue.", ApiJson.Readable.QueueView)],
            Problems = [ApiProblems.QueueNotFound],
        },
        new("QueueResume", "POST", "/api/v1/queues/{name}/resume", Topic, "Lets a queue go on, at once.")
        {
            Answers = [new(200, "The queue.", ApiJson.Readable.QueueView)],
            Problems = [ApiProblems.QueueNotFound],
        },
    ];
}
