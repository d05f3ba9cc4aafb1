using System.Text.Json.Serialization;

namespace Millrace.Api;

/// <summary>The shapes that Inspect and DeadLetters answer with. snake_case; what is null is left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
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
internal sealed partial class ViewJson : JsonSerializerContext;
