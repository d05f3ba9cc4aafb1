using Millrace.Api.Answers;
using Millrace.Api.Views;

namespace Millrace.Api.OpenApi;

/// <summary>Queues.</summary>
internal static class QueueOperations
{
    private const string Topic = "Queues";

    internal static IReadOnlyList<ApiOperation> All { get; } =
    [
        new("Queues", "GET", "/api/v1/queues", Topic, "Every queue, by name.")
        {
            Answers = [new(200, "The queues.", ApiJson.Readable.QueueListView)],
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
