using System.Net;
using System.Net.Http.Headers;

namespace Millrace.Client;

public sealed partial class MillraceClient
{
    private const string Tasks = "api/v1/tasks";

    /// <summary>The task with everything, or null when there is none of that id (any more).</summary>
    public Task<TaskInfo?> GetAsync(Guid id, CancellationToken cancellation = default) => ReadTaskAsync(Get(Of(id)), null, cancellation);

    /// <summary>The task as it is now; <paramref name="task"/> itself when nothing has changed; null when it is gone.</summary>
    public Task<TaskInfo?> RefreshAsync(TaskInfo task, CancellationToken cancellation = default)
    {
        var request = Get(Of(task.Id));
        if (task.ETag is { } version)
        {
            request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Parse(version));
        }

        return ReadTaskAsync(request, task, cancellation);
    }

    /// <summary>Every line that its handler logged, in the order they were written in.</summary>
    /// <param name="id">The task.</param>
    /// <param name="level">Only lines of this level and graver ones, like <c>warning</c>.</param>
    /// <param name="cancellation">Stops reading.</param>
    /// <exception cref="MillraceException">There is no such task (404).</exception>
    public IAsyncEnumerable<LogLine> ReadLogsAsync(Guid id, string? level = null, CancellationToken cancellation = default) => FollowAsync(
        (cursor, token) => AskAsync(
            Get(new Query(Of(id, "logs")).With("level", level).With("limit", MostPerPage).With("cursor", cursor).ToString()), MillraceJson.Plain.LogPage, token),
        static page => page.Lines,
        static page => page.NextCursor,
        cancellation);

    /// <summary>Why it is not running.</summary>
    public Task<TaskExplanation?> ExplainAsync(Guid id, CancellationToken cancellation = default) =>
        FindAsync(Get(Of(id, "explain")), MillraceJson.Plain.TaskExplanation, cancellation);

    private static string Of(Guid id, string? what = null) => what is null ? $"{Tasks}/{id:D}" : $"{Tasks}/{id:D}/{what}";

    private async Task<TaskInfo?> ReadTaskAsync(HttpRequestMessage request, TaskInfo? known, CancellationToken cancellation)
    {
        using var answer = await SendAnyAsync(request, cancellation);
        if (answer.StatusCode == HttpStatusCode.NotModified && known is not null)
        {
            return known;
        }

        if (answer.IsSuccessStatusCode)
        {
            return await ReadVersionAsync(answer, cancellation);
        }

        var refusal = Refusal.Of(answer, await ReadBytesAsync(answer, cancellation));
        return refusal.IsNotThere ? null : throw refusal;
    }

    private async Task<TaskInfo> ReadVersionAsync(HttpResponseMessage answer, CancellationToken cancellation) =>
        await ReadAsync(answer, MillraceJson.Plain.TaskInfo, cancellation) with { ETag = answer.Headers.ETag?.ToString() };
}
