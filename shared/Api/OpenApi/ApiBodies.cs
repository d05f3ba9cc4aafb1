using System.Text.Json.Nodes;
using Millrace.Lifecycle;
using Millrace.Submit;

namespace Millrace.Api.OpenApi;

/// <summary>The shapes of what is sent, which their readers know but no type has: a test compares them.</summary>
internal static class ApiBodies
{
    internal const string NewTask = "NewTask";
    internal const string Retry = "Retry";

    internal static IReadOnlyDictionary<string, JsonObject> Named { get; } = new Dictionary<string, JsonObject>(StringComparer.Ordinal)
    {
        [NewTask] = Task(),
        [Retry] = Shape.Object(("queue_name", QueueName()), ("priority", Shape.Priority())),
    };

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
