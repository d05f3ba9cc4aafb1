using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Client;

/// <summary>Every shape that is sent or read. snake_case; what is null is not sent; what is not known is passed over.</summary>
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(NewTask))]
[JsonSerializable(typeof(IReadOnlyList<NewTask>))]
[JsonSerializable(typeof(CloudEvent))]
[JsonSerializable(typeof(IReadOnlyList<CloudEvent>))]
[JsonSerializable(typeof(SubmittedTask))]
[JsonSerializable(typeof(ManyResult))]
[JsonSerializable(typeof(BulkResult))]
[JsonSerializable(typeof(TaskInfo))]
[JsonSerializable(typeof(TaskPage))]
[JsonSerializable(typeof(TaskResult))]
[JsonSerializable(typeof(TaskExplanation))]
[JsonSerializable(typeof(LogPage))]
[JsonSerializable(typeof(TaskEdit))]
[JsonSerializable(typeof(ReplayOrder))]
[JsonSerializable(typeof(PriorityOrder))]
[JsonSerializable(typeof(DueOrder))]
[JsonSerializable(typeof(BulkActionOrder))]
[JsonSerializable(typeof(BulkAction))]
[JsonSerializable(typeof(BulkCount))]
[JsonSerializable(typeof(FailureList))]
[JsonSerializable(typeof(FailureReplayOrder))]
[JsonSerializable(typeof(RetryOrder))]
[JsonSerializable(typeof(ManyOrder))]
[JsonSerializable(typeof(PurgeOrder))]
[JsonSerializable(typeof(ClearOrder))]
[JsonSerializable(typeof(QueueInfo))]
[JsonSerializable(typeof(QueueList))]
[JsonSerializable(typeof(QueueLimits))]
[JsonSerializable(typeof(WorkerInfo))]
[JsonSerializable(typeof(WorkerList))]
[JsonSerializable(typeof(DashboardStats))]
[JsonSerializable(typeof(QueueDepthList))]
[JsonSerializable(typeof(Trends))]
[JsonSerializable(typeof(HealthReport))]
[JsonSerializable(typeof(DatabaseHealth))]
[JsonSerializable(typeof(RedisHealth))]
[JsonSerializable(typeof(StorageHealth))]
[JsonSerializable(typeof(Ledger))]
internal sealed partial class MillraceJson : JsonSerializerContext
{
    /// <summary>Texts as they are: bodies are JSON and say so, they are never put into a page.</summary>
    internal static MillraceJson Plain { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
