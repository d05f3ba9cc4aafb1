namespace Millrace.Client;

public sealed partial class MillraceClient
{
    private const string Queues = "api/v1/queues";

    /// <summary>Every queue, by name, read page by page while you go on.</summary>
    public IAsyncEnumerable<QueueInfo> ListQueuesAsync(CancellationToken cancellation = default) => FollowAsync(
        (cursor, token) => AskAsync(Get(new Query(Queues).With("limit", MostPerPage).With("cursor", cursor).ToString()), MillraceJson.Plain.QueueList, token),
        static page => page.Queues,
        static page => page.NextCursor,
        cancellation);

    /// <summary>One queue; null when nothing was ever said of it.</summary>
    public Task<QueueInfo?> GetQueueAsync(string queueName, CancellationToken cancellation = default) =>
        FindAsync(Get(OfQueue(queueName)), MillraceJson.Plain.QueueInfo, cancellation);

    /// <summary>Sets a queue's limits; makes the queue when it is new.</summary>
    public Task<QueueInfo> SetQueueAsync(string queueName, QueueLimits limits, CancellationToken cancellation = default) => AskAsync(
        With(new HttpRequestMessage(HttpMethod.Put, OfQueue(queueName)), limits, MillraceJson.Plain.QueueLimits), MillraceJson.Plain.QueueInfo, cancellation);

    /// <summary>Removes a queue that holds nothing; a submission makes it again. False when there is no such queue.</summary>
    /// <exception cref="MillraceException">It has live tasks or dead letters (409).</exception>
    public async Task<bool> DeleteQueueAsync(string queueName, CancellationToken cancellation = default)
    {
        try
        {
            using var answer = await SendAsync(new HttpRequestMessage(HttpMethod.Delete, OfQueue(queueName)), cancellation);
            return true;
        }
        catch (MillraceException exception) when (exception.IsNotThere)
        {
            return false;
        }
    }

    /// <summary>Starts nothing more of a queue; what runs ends as it would.</summary>
    public Task<QueueInfo> PauseQueueAsync(string queueName, CancellationToken cancellation = default) =>
        AskAsync(Post(OfQueue(queueName) + "/pause"), MillraceJson.Plain.QueueInfo, cancellation);

    /// <summary>Goes on with a queue that was paused.</summary>
    public Task<QueueInfo> ResumeQueueAsync(string queueName, CancellationToken cancellation = default) =>
        AskAsync(Post(OfQueue(queueName) + "/resume"), MillraceJson.Plain.QueueInfo, cancellation);

    /// <summary>How many tasks wait in a queue, which is what <see cref="ClearQueueAsync"/> wants to be told. It needs an admin key.</summary>
    /// <exception cref="MillraceException">There is no such queue (404).</exception>
    public Task<BulkCount> CountClearAsync(string queueName, CancellationToken cancellation = default) =>
        AskAsync(Clear(queueName, null), MillraceJson.Plain.BulkCount, cancellation);

    /// <summary>Begins to cancel all that waits in a queue. It needs an admin key.</summary>
    /// <param name="queueName">Which.</param>
    /// <param name="confirm">The <see cref="BulkCount.Confirm"/> of <see cref="CountClearAsync"/>.</param>
    /// <param name="cancellation">Stops waiting for the answer.</param>
    /// <exception cref="MillraceException">It is another number by now (409).</exception>
    public Task<BulkAction> ClearQueueAsync(string queueName, long confirm, CancellationToken cancellation = default) =>
        AskAsync(Clear(queueName, confirm), MillraceJson.Plain.BulkAction, cancellation);

    private static HttpRequestMessage Clear(string queueName, long? confirm) =>
        With(Post(OfQueue(queueName) + "/clear"), new ClearOrder(confirm), MillraceJson.Plain.ClearOrder);

    private static string OfQueue(string queueName) => $"{Queues}/{Uri.EscapeDataString(queueName)}";
}
