namespace Millrace.Client;

public sealed partial class MillraceClient
{
    private const string BulkActions = "api/v1/bulk-actions";
    private const string Failures = "api/v1/failures";

    /// <summary>Begins an action on every task that matches, or, as a dry run, says how many do. It goes on by itself.</summary>
    /// <exception cref="MillraceException">The filter is empty and <see cref="BulkActionOrder.All"/> is not set (400).</exception>
    public Task<BulkAction> StartBulkActionAsync(BulkActionOrder order, CancellationToken cancellation = default) => AskAsync(
        With(Post("api/v1/search/tasks/bulk-action"), order, MillraceJson.Plain.BulkActionOrder), MillraceJson.Plain.BulkAction, cancellation);

    /// <summary>How far an action has come; null when there is none of that id.</summary>
    public Task<BulkAction?> GetBulkActionAsync(Guid id, CancellationToken cancellation = default) =>
        FindAsync(Get($"{BulkActions}/{id:D}"), MillraceJson.Plain.BulkAction, cancellation);

    /// <summary>Stops an action; what it has done stays done.</summary>
    public Task<BulkAction> AbortBulkActionAsync(Guid id, CancellationToken cancellation = default) =>
        AskAsync(Post($"{BulkActions}/{id:D}/abort"), MillraceJson.Plain.BulkAction, cancellation);

    /// <summary>Every kind of failure among the dead letters.</summary>
    public IAsyncEnumerable<FailureGroup> ListFailuresAsync(CancellationToken cancellation = default) => FollowAsync(
        (cursor, token) => AskAsync(Get(new Query(Failures).With("cursor", cursor).ToString()), MillraceJson.Plain.FailureList, token),
        static page => page.Failures,
        static page => page.NextCursor,
        cancellation);

    /// <summary>Runs the dead letters of one kind of failure again, as a bulk action.</summary>
    public Task<BulkAction> ReplayFailuresAsync(string fingerprint, FailureReplayOrder? order = null, CancellationToken cancellation = default) => AskAsync(
        With(Post($"{Failures}/{Uri.EscapeDataString(fingerprint)}/replay"), order ?? new FailureReplayOrder(), MillraceJson.Plain.FailureReplayOrder),
        MillraceJson.Plain.BulkAction,
        cancellation);
}
