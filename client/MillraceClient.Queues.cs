namespace Millrace.Client;

public sealed partial class MillraceClient
{
    private const string Queues = "api/v1/queues";

    /// <summary>Every queue.</summary>
    public IAsyncEnumerable<QueueInfo> ListQueuesAsync(CancellationToken cancellation = default) => FollowAsync(
        (cursor, token) => AskAsync(Get(new Query(Queues).With("cursor", cursor).ToString()), MillraceJson.Plain.QueueList, token),
        static page => page.Queues,
        static page => page.NextCursor,
        cancellation);

    /// <summary>One queue; null when nothing was ever said of it.</summary>
    public Task<QueueInfo?> GetQueueAsync(string queueName, CancellationToken cancellation = default) =>
        FindAsync(Get(OfQueue(queueName)), MillraceJson.Plain.QueueInfo, cancellation);

    /// <summary>Sets a queue's limits.</summary>
    public Task<QueueInfo> SetQueueAsync(string queueName, QueueLimits limits, CancellationToken cancellation = default) => AskAsync(
        With(new HttpRequestMessage(HttpMethod.Put, OfQueue(queueName)), limits, MillraceJson.Plain.QueueLimits), MillraceJson.Plain.QueueInfo, cancellation);

    /// <summary>Starts nothing more of a queue; what runs ends as it would.</summary>
    public Task<QueueInfo> PauseQueueAsync(string queueName, CancellationToken cancellation = default) =>
        AskAsync(Post(OfQueue(queueName) + "/pause"), MillraceJson.Plain.QueueInfo, cancellation);

    /// <summary>Goes on with a queue that was paused.</summary>
    public Task<QueueInfo> ResumeQueueAsync(string queueName, CancellationToken cancellation = default) =>
        AskAsync(Post(OfQueue(queueName) + "/resume"), MillraceJson.Plain.QueueInfo, cancellation);

    private static string OfQueue(string queueName) => $"{Queues}/{Uri.EscapeDataString(queueName)}";
}
