using System.Text.Json.Nodes;
using Millrace.Api.Answers;
using Millrace.Api.Submission;
using Millrace.Api.Views;
using Millrace.Submit;

namespace Millrace.Api.OpenApi;

/// <summary>How tasks come in.</summary>
internal static class SubmitOperations
{
    private const string Topic = "Submit";
    private const int MostInArray = 10_000;

    private static readonly ApiParameter[] Headers =
    [
        new(IdempotencyHeader.Name, Shape.Text(1, SubmissionKeys.Longest), "The same request is accepted once under it, however often it is sent."),
        new("traceparent", Shape.Text(), "The trace that the attempt shall be a part of (W3C Trace Context)."),
    ];

    internal static IReadOnlyList<ApiOperation> All { get; } =
    [
        new("SubmitTask", "POST", "/api/v1/tasks", Topic, "Accepts a task, or a JSON array of tasks.")
        {
            Alias = ("SubmitTaskAlias", "/tasks"),
            Query = [new("atomic", Shape.Flag(), "Of an array: all of them or, when one is refused, none.")],
            Headers = Headers,
            Bodies =
            [
                new(Shape.OneOf(Shape.Named(ApiBodies.NewTask), Shape.List(Shape.Named(ApiBodies.NewTask), MostInArray))),
                new(Shape.Named(ApiBodies.Event), "application/cloudevents+json"),
                new(Shape.List(Shape.Named(ApiBodies.Event), MostInArray), "application/cloudevents-batch+json"),
            ],
            Answers =
            [
                new(202, "The task is committed.", ApiJson.Readable.SubmittedView),
                new(200, "It was accepted before, under the same key; Idempotent-Replayed says so.", ApiJson.Readable.TaskView),
                new(207, "An array, item by item.", ApiJson.Readable.ManyView),
            ],
            Problems =
            [
                ApiProblems.InvalidTask, ApiProblems.InvalidJson, ApiProblems.BodyTooLarge, ApiProblems.TooManyItems,
                ApiProblems.UnsupportedMediaType, ApiProblems.KeyReused, ApiProblems.OriginalGone, ApiProblems.QueueFull,
                ApiProblems.InvalidQuery,
            ],
        },
        new("SubmitBulk", "POST", "/api/v1/tasks/bulk", Topic, "Accepts a stream of tasks of any length, one JSON object per line.")
        {
            Headers = Headers,
            Bodies = [new(Shape.Text().With("examples", new JsonArray("{\"type\":\"echo\",\"data\":1}\n")), "application/x-ndjson")],
            Answers =
            [
                new(200, "Read to its end; refused lines are named.", ApiJson.Readable.BulkView),
                new(503, "Cut short: lines through committed_through_line are done; problem says why.", ApiJson.Readable.BulkView)
                {
                    Inside = [ApiProblems.StreamBroken, ApiProblems.StoreUnavailable],
                },
                new(400, "What came was no HTTP in the end; else the same.", ApiJson.Readable.BulkView) { Inside = [ApiProblems.StreamBroken] },
            ],
            Problems = [ApiProblems.InvalidTask, ApiProblems.UnsupportedMediaType],
            NeedsDatabase = false,
        },
    ];
}
