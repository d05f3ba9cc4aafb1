using System.Text.Json.Nodes;
using Millrace.Lifecycle;
using Millrace.Submit;

namespace Millrace.Api.OpenApi;

/// <summary>The shapes of what is sent, which their readers know but no type has: a test compares them.</summary>
internal static class ApiBodies
{
    internal const string NewTask = "NewTask";
    internal const string Retry = "Retry";
    internal const string Edit = "Edit";
    internal const string DueTime = "DueTime";
    internal const string Boost = "Boost";
    internal const string Replay = "Replay";
    internal const string Queue = "Queue";
    internal const string BulkAction = "BulkAction";
    internal const string RetryMany = "RetryMany";
    internal const string Purge = "Purge";
    internal const string FailureReplay = "FailureReplay";
    internal const string Confirm = "Confirm";
    internal const string Filters = "Filters";
    internal const string Event = "CloudEvent";

    internal static IReadOnlyDictionary<string, JsonObject> Named { get; } = new Dictionary<string, JsonObject>(StringComparer.Ordinal)
    {
        [NewTask] = Task(),
        [Retry] = Shape.Object(("queue_name", QueueName()), ("priority", Shape.Priority())),
        [Edit] = Shape.Object([("data", Shape.Any()), ("priority", Shape.Priority()), .. Due]),
        [DueTime] = Shape.Object([.. Due]),
        [Boost] = Shape.Object(("priority", Shape.Priority().With("default", 10))),
        [Replay] = Shape.Object(("data", Shape.Any()), ("queue_name", QueueName()), ("priority", Shape.Priority())),
        [Queue] = Shape.Object(("max_depth", Shape.OneOf(Shape.Whole(1, int.MaxValue), new JsonObject { ["type"] = "null" }))),
        [BulkAction] = Shape.Object(
            [("action", Shape.Word("cancel", "retry", "replay", "boost", "delete", "move")), .. Which, .. How]),
        [RetryMany] = Shape.Object([.. Which, .. How]),
        [Purge] = Shape.Object([.. Which, ("dry_run", Shape.Flag()), ("confirm", Shape.Whole(0))]),
        [FailureReplay] = Shape.Object([.. How]),
        [Event] = Shape.AnyObject().With("required", new JsonArray("specversion", "id", "source", "type")).With("properties", new JsonObject
        {
            ["specversion"] = Shape.Word("1.0"),
            ["id"] = Shape.Text(1),
            ["source"] = Shape.Text(1).With("description", "With id, it is the event's key: it is accepted once."),
            ["type"] = TypeName(),
            ["data"] = Shape.Any(),
            ["data_base64"] = Shape.Text(),
        }).With("description", "An event is a task of its type, with its data; the extensions queuename and priority are heeded."),
        [Confirm] = Shape.Object(("dry_run", Shape.Flag()), ("confirm", Shape.Whole(0))),
        [Filters] = Shape.AnyObject().With("properties", new JsonObject(ListParameters.Filters.Select(static one =>
            KeyValuePair.Create(one.Name, (JsonNode?)one.Schema.DeepClone())))).With("description", "As in the query of a list; data holds values to find in the data, at any depth."),
    };

    private static (string Name, JsonObject Shape)[] Due => [("scheduled_at", Shape.Moment()), ("delay_seconds", Shape.Number(0, 31_536_000))];

    private static (string Name, JsonObject Shape)[] Which =>
    [
        ("filters", Shape.Named(Filters)),
        ("all", Shape.Flag().With("description", "Every task, when filters are empty.")),
    ];

    private static (string Name, JsonObject Shape)[] How =>
    [
        ("dry_run", Shape.Flag().With("description", "Count only.")),
        ("priority", Shape.Priority()),
        ("queue_name", QueueName()),
        ("canary", Shape.Whole(1, 100).With("description", "So many are tried first, and the rest when all of them have succeeded.")),
    ];

    internal static JsonObject QueueName() => Shape.Text(1, TaskNames.LongestQueueName).With("pattern", "^[A-Za-z0-9._:/-]+$");

    private static JsonObject TypeName() => Shape.Text(1, TaskNames.LongestType).With("pattern", "^[A-Za-z0-9._:/-]+$");

    private static JsonObject Task() => Shape.Object(
        ("type", TypeName()),
        ("name", TypeName().With("description", "Another word for type.")),
        ("data", Shape.Any().With("description", "What the handler works on; any JSON.")),
        ("payload", Shape.Any().With("description", "Another word for data.")),
        ("args", Shape.Any().With("description", "Another word for data.")),
        ("queue_name", QueueName().With("default", "default")),
        ("priority", Shape.Priority().With("default", 5)),
        ("delay_seconds", Shape.Number(0, 31_536_000, 0)),
        ("scheduled_at", Shape.Moment().With("description", "When it is due; instead of delay_seconds.")),
        ("expires_at", Shape.Moment().With("description", "Not started by then, it ends as expired.")),
        ("max_retries", Shape.Whole(0, 100)),
        ("retry_delay_seconds", Shape.Number(0, 604_800)),
        ("retry_backoff", Shape.Number(1, 100)),
        ("max_retry_delay_seconds", Shape.Number(0, 604_800)),
        ("timeout_seconds", Shape.Whole(1, 86_400)),
        ("external_id", Shape.Text(1, SubmissionKeys.Longest).With("description", "A name of yours; the task is accepted once under it.")),
        ("result_ttl_seconds", Shape.Whole(0, 31_536_000).With("description", "How long the result is shown.")),
        ("tags", Shape.List(Shape.Text(1, 100), 20)),
        ("context", Shape.AnyObject().With("description", "Kept with the task and given to its handler.")))
        .With("anyOf", new JsonArray(new JsonObject { ["required"] = new JsonArray("type") }, new JsonObject { ["required"] = new JsonArray("name") }))
        .With("examples", new JsonArray(new JsonObject { ["type"] = "echo", ["data"] = new JsonObject { ["hello"] = "world" } }));
}
