using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Millrace.Api.Answers;

namespace Millrace.Api.Views;

/// <summary>Every shape the API writes. snake_case; what is null is left out.</summary>
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(SubmittedView))]
[JsonSerializable(typeof(ManyView))]
[JsonSerializable(typeof(BulkView))]
[JsonSerializable(typeof(RefusedLine))]
[JsonSerializable(typeof(TaskView))]
[JsonSerializable(typeof(TaskListView))]
[JsonSerializable(typeof(WorkerView))]
[JsonSerializable(typeof(WorkerListView))]
[JsonSerializable(typeof(QueueDepthListView))]
[JsonSerializable(typeof(DashboardView))]
[JsonSerializable(typeof(LiveView))]
[JsonSerializable(typeof(HealthView))]
[JsonSerializable(typeof(DatabaseHealthView))]
[JsonSerializable(typeof(LedgerView))]
[JsonSerializable(typeof(BulkActionView))]
[JsonSerializable(typeof(BulkCountView))]
[JsonSerializable(typeof(FailuresView))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(ExplainView))]
[JsonSerializable(typeof(ResultView))]
[JsonSerializable(typeof(LogListView))]
[JsonSerializable(typeof(TrendListView))]
[JsonSerializable(typeof(QueueView))]
[JsonSerializable(typeof(QueueListView))]
[JsonSerializable(typeof(RedisHealthView))]
[JsonSerializable(typeof(StorageHealthView))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>Quotes and signs as they are: the answers are JSON and say so, they are never put into a page.</summary>
    internal static ApiJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
