namespace Millrace.Client;

public sealed partial class MillraceClient
{
    private const int MostPerPage = 1_000;

    /// <summary>
    /// Every task that matches, newest first, read page by page while you go on. One that was there from the start is shown once,
    /// whatever comes or moves meanwhile.
    /// </summary>
    public IAsyncEnumerable<TaskInfo> ListAsync(TaskFilter? filter = null, CancellationToken cancellation = default) =>
        FollowAsync(Tasks, filter, cancellation);

    /// <summary>One page of <see cref="ListAsync"/>.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="cursor">The <see cref="TaskPage.NextCursor"/> of the page before; null for the first.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cancellation">Stops waiting for the answer.</param>
    public Task<TaskPage> ListPageAsync(TaskFilter? filter = null, string? cursor = null, int limit = 100, CancellationToken cancellation = default) =>
        ReadPageAsync(Tasks, filter, cursor, limit, cancellation);

    /// <summary>As <see cref="ListAsync"/>, by the API's search.</summary>
    public IAsyncEnumerable<TaskInfo> SearchAsync(TaskFilter filter, CancellationToken cancellation = default) =>
        FollowAsync("api/v1/search/tasks", filter, cancellation);

    /// <summary>What a ready search finds, the worst first; there is no further page.</summary>
    /// <param name="preset">Which search.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cancellation">Stops waiting for the answer.</param>
    public async Task<IReadOnlyList<TaskInfo>> SearchAsync(TaskPreset preset, int limit = 100, CancellationToken cancellation = default) =>
        (await ReadPageAsync($"api/v1/search/presets/{Word(preset)}", null, null, limit, cancellation)).Tasks;

    private static string Word(TaskPreset preset) => preset switch
    {
        TaskPreset.StuckTasks => "stuck_tasks",
        TaskPreset.FailedRecently => "failed_recently",
        TaskPreset.LongRunning => "long_running",
        TaskPreset.Retrying => "retrying",
        TaskPreset.OldestPending => "oldest_pending",
    };

    private IAsyncEnumerable<TaskInfo> FollowAsync(string path, TaskFilter? filter, CancellationToken cancellation) => FollowAsync(
        (cursor, token) => ReadPageAsync(path, filter, cursor, MostPerPage, token),
        static page => page.Tasks,
        static page => page.NextCursor,
        cancellation);

    private Task<TaskPage> ReadPageAsync(string path, TaskFilter? filter, string? cursor, int limit, CancellationToken cancellation)
    {
        var query = new Query(path).With(filter?.Parameters() ?? []).With("limit", limit).With("cursor", cursor);
        return AskAsync(Get(query.ToString()), MillraceJson.Plain.TaskPage, cancellation);
    }
}
