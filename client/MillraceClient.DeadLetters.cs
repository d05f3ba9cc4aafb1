using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Millrace.Client;

public sealed partial class MillraceClient
{
    private const string DeadLetters = "api/v1/dlq/failed-tasks";

    /// <summary>Every dead letter that matches, newest task first. Its <see cref="TaskFilter.Status"/> is failed, so give none.</summary>
    public IAsyncEnumerable<TaskInfo> ListDeadLettersAsync(TaskFilter? filter = null, CancellationToken cancellation = default) =>
        FollowAsync(DeadLetters, filter, cancellation);

    /// <summary>One page of them, and how many there are.</summary>
    public Task<TaskPage> ListDeadLettersPageAsync(
        TaskFilter? filter = null, string? cursor = null, int limit = 100, CancellationToken cancellation = default) =>
        ReadPageAsync(DeadLetters, filter, cursor, limit, cancellation);

    /// <summary>The dead letter with its whole history; null for a task that is not dead.</summary>
    public Task<TaskInfo?> GetDeadLetterAsync(Guid id, CancellationToken cancellation = default) =>
        FindAsync(Get($"{DeadLetters}/{id:D}"), MillraceJson.Plain.TaskInfo, cancellation);

    /// <summary>Makes a dead letter live again, due now, its attempts at zero and its history kept.</summary>
    /// <exception cref="MillraceException">It is not dead (409), or there is none (404).</exception>
    public Task<TaskInfo> RetryDeadLetterAsync(Guid id, RetryOrder? order = null, CancellationToken cancellation = default) =>
        ChangeAsync(With(Post($"{DeadLetters}/{id:D}/retry"), order ?? new RetryOrder(), MillraceJson.Plain.RetryOrder), cancellation);

    /// <summary>How many dead letters <see cref="RetryDeadLettersAsync"/> would retry.</summary>
    public Task<BulkCount> CountDeadLettersAsync(ManyOrder order, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(order);
        return AskAsync(RetryMany(order with { DryRun = true }), MillraceJson.Plain.BulkCount, cancellation);
    }

    /// <summary>Begins to retry every dead letter that matches, as a bulk action.</summary>
    /// <exception cref="MillraceException">The filter is empty and <see cref="ManyOrder.All"/> is not set (400).</exception>
    public Task<BulkAction> RetryDeadLettersAsync(ManyOrder order, CancellationToken cancellation = default) =>
        AskAsync(RetryMany(order), MillraceJson.Plain.BulkAction, cancellation);

    /// <summary>How many dead letters match, which is what <see cref="PurgeDeadLettersAsync"/> wants to be told. It needs an admin key.</summary>
    /// <param name="filter">Which. An empty one means all of them.</param>
    /// <param name="cancellation">Stops waiting for the answer.</param>
    public Task<BulkCount> CountPurgeAsync(TaskFilter filter, CancellationToken cancellation = default) =>
        AskAsync(Purge(filter, null), MillraceJson.Plain.BulkCount, cancellation);

    /// <summary>Begins to delete every dead letter that matches, for good. It needs an admin key.</summary>
    /// <param name="filter">Which. An empty one means all of them.</param>
    /// <param name="confirm">The <see cref="BulkCount.Confirm"/> of <see cref="CountPurgeAsync"/>.</param>
    /// <param name="cancellation">Stops waiting for the answer.</param>
    /// <exception cref="MillraceException">It is another number by now (409).</exception>
    public Task<BulkAction> PurgeDeadLettersAsync(TaskFilter filter, long confirm, CancellationToken cancellation = default) =>
        AskAsync(Purge(filter, confirm), MillraceJson.Plain.BulkAction, cancellation);

    /// <summary>Removes a dead letter for good; false when there is none (any more).</summary>
    /// <exception cref="MillraceException">The task is not dead (409).</exception>
    public async Task<bool> DeleteDeadLetterAsync(Guid id, CancellationToken cancellation = default)
    {
        try
        {
            using var answer = await SendAsync(new HttpRequestMessage(HttpMethod.Delete, $"{DeadLetters}/{id:D}"), cancellation);
            return true;
        }
        catch (MillraceException exception) when (exception.IsNotThere)
        {
            return false;
        }
    }

    /// <summary>Every dead letter that matches, whole, as one stream; it may last as long as it likes.</summary>
    public async IAsyncEnumerable<TaskInfo> ExportDeadLettersAsync(
        TaskFilter? filter = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var query = new Query("api/v1/dlq/export").With(filter?.Parameters() ?? []);
        using var answer = await SendAsync(Get(query.ToString()), cancellation);
        await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
        await using var lines = JsonSerializer.DeserializeAsyncEnumerable(body, MillraceJson.Plain.TaskInfo, topLevelValues: true, cancellation)
            .GetAsyncEnumerator(cancellation);
        while (await NextAsync(lines, answer))
        {
            yield return lines.Current!;
        }
    }

    private static HttpRequestMessage RetryMany(ManyOrder order) => With(Post($"{DeadLetters}/retry"), order, MillraceJson.Plain.ManyOrder);

    /// <summary>The number to confirm is the guard here, so an empty filter needs no further word.</summary>
    private static HttpRequestMessage Purge(TaskFilter filter, long? confirm) =>
        With(Post("api/v1/dlq/purge"), new PurgeOrder(filter, filter.Parameters().Any() ? null : true, confirm), MillraceJson.Plain.PurgeOrder);

    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<TaskInfo?> lines, HttpResponseMessage answer)
    {
        try
        {
            return await lines.MoveNextAsync();
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException)
        {
            throw Refusal.CutShort(answer, exception);
        }
    }
}
