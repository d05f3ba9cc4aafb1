namespace Millrace.Client;

public sealed partial class MillraceClient
{
    private const string BulkActions = "api/v1/bulk-actions";
    private const string Failures = "api/v1/failures";

    /// <summary>How many tasks an action would be about.</summary>
    public Task<BulkCount> CountBulkActionAsync(BulkActionOrder order, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(order);
        return AskAsync(Bulk(order with { DryRun = true }), MillraceJson.Plain.BulkCount, cancellation);
    }

    /// <summary>Begins an action on every task that matches. It goes on by itself; <see cref="WaitAsync"/> waits for its end by its id.</summary>
    /// <exception cref="MillraceException">The filter is empty and <see cref="BulkActionOrder.All"/> is not set (400).</exception>
    public Task<BulkAction> BeginBulkActionAsync(BulkActionOrder order, CancellationToken cancellation = default) =>
        AskAsync(Bulk(order), MillraceJson.Plain.BulkAction, cancellation);

    /// <summary>How far an action has come; null when there is none of that id.</summary>
    public Task<BulkAction?> GetBulkActionAsync(Guid id, CancellationToken cancellation = default) =>
        FindAsync(Get($"{BulkActions}/{id:D}"), MillraceJson.Plain.BulkAction, cancellation);

    /// <summary>Ends an action after the chunk that it is in; what it has done stays done.</summary>
    /// <exception cref="MillraceException">It has ended (409), or there is none (404).</exception>
    public Task<BulkAction> AbortBulkActionAsync(Guid id, CancellationToken cancellation = default) =>
        AskAsync(Post($"{BulkActions}/{id:D}/abort"), MillraceJson.Plain.BulkAction, cancellation);

    /// <summary>What fails, by what the failures have in common: the hundred largest groups, the largest first.</summary>
    public async Task<IReadOnlyList<FailureGroup>> ListFailuresAsync(CancellationToken cancellation = default) =>
        (await AskAsync(Get(Failures), MillraceJson.Plain.FailureList, cancellation)).Failures;

    /// <summary>How many dead letters <see cref="ReplayFailureAsync"/> would run again.</summary>
    /// <exception cref="MillraceException">There is no such failure (any more) (404).</exception>
    public Task<BulkCount> CountFailureAsync(string fingerprint, CancellationToken cancellation = default) =>
        AskAsync(Replay(fingerprint, new FailureReplayOrder { DryRun = true }), MillraceJson.Plain.BulkCount, cancellation);

    /// <summary>Begins to run the dead letters of one kind of failure again, as a bulk action.</summary>
    /// <exception cref="MillraceException">There is no such failure (any more) (404).</exception>
    public Task<BulkAction> ReplayFailureAsync(string fingerprint, FailureReplayOrder? order = null, CancellationToken cancellation = default) =>
        AskAsync(Replay(fingerprint, order ?? new FailureReplayOrder()), MillraceJson.Plain.BulkAction, cancellation);

    private static HttpRequestMessage Bulk(BulkActionOrder order) =>
        With(Post("api/v1/search/tasks/bulk-action"), order, MillraceJson.Plain.BulkActionOrder);

    private static HttpRequestMessage Replay(string fingerprint, FailureReplayOrder order) =>
        With(Post($"{Failures}/{Uri.EscapeDataString(fingerprint)}/replay"), order, MillraceJson.Plain.FailureReplayOrder);
}
