using System.Net.Http.Headers;

namespace Millrace.Client;

public sealed partial class MillraceClient
{
    /// <summary>
    /// Cancels a task. What waits is cancelled when this returns; what runs is asked to stop (<see cref="TaskInfo.CancelRequested"/>).
    /// </summary>
    /// <exception cref="MillraceException">It has ended otherwise (409), or there is none (404).</exception>
    public Task<TaskInfo> CancelAsync(Guid id, CancellationToken cancellation = default) => ChangeAsync(Post(Of(id, "cancel")), cancellation);

    /// <summary>Runs a task that has ended once more, as it was or changed.</summary>
    public Task<TaskInfo> ReplayAsync(Guid id, ReplayOrder? order = null, CancellationToken cancellation = default) =>
        ChangeAsync(With(Post(Of(id, "replay")), order ?? new ReplayOrder(), MillraceJson.Plain.ReplayOrder), cancellation);

    /// <summary>Makes a task that waits more urgent: the highest priority, or <paramref name="priority"/>.</summary>
    public Task<TaskInfo> BoostAsync(Guid id, int? priority = null, CancellationToken cancellation = default) =>
        ChangeAsync(With(Post(Of(id, "boost-priority")), new PriorityOrder(priority), MillraceJson.Plain.PriorityOrder), cancellation);

    /// <summary>Makes a task that waits due at <paramref name="scheduledAt"/>.</summary>
    public Task<TaskInfo> RescheduleAsync(Guid id, DateTimeOffset scheduledAt, CancellationToken cancellation = default) =>
        RescheduleAsync(id, new DueOrder(scheduledAt, null), cancellation);

    /// <summary>Makes a task that waits due after <paramref name="delay"/>, by the database's clock.</summary>
    public Task<TaskInfo> RescheduleAsync(Guid id, TimeSpan delay, CancellationToken cancellation = default) =>
        RescheduleAsync(id, new DueOrder(null, delay), cancellation);

    /// <summary>Changes a task that waits, unless somebody else has changed it since it was read.</summary>
    /// <exception cref="TaskChangedException">Somebody has.</exception>
    /// <exception cref="MillraceException">It does not wait any more (409).</exception>
    public Task<TaskInfo> EditAsync(TaskInfo task, TaskEdit edit, CancellationToken cancellation = default) =>
        EditAsync(task.Id, edit, task.ETag ?? throw new ArgumentException("It has no ETag, as in a list. Read it with GetAsync.", nameof(task)), cancellation);

    /// <summary>Changes a task that waits; with <paramref name="etag"/>, only that version of it.</summary>
    /// <exception cref="TaskChangedException">It is not that version.</exception>
    /// <exception cref="MillraceException">It does not wait any more (409), or there is none (404).</exception>
    public Task<TaskInfo> EditAsync(Guid id, TaskEdit edit, string? etag, CancellationToken cancellation = default)
    {
        var request = With(new HttpRequestMessage(HttpMethod.Patch, Of(id)), edit, MillraceJson.Plain.TaskEdit);
        if (etag is not null)
        {
            request.Headers.IfMatch.Add(EntityTagHeaderValue.Parse(etag));
        }

        return ChangeAsync(request, cancellation);
    }

    private Task<TaskInfo> RescheduleAsync(Guid id, DueOrder order, CancellationToken cancellation) =>
        ChangeAsync(With(Post(Of(id, "reschedule")), order, MillraceJson.Plain.DueOrder), cancellation);

    private async Task<TaskInfo> ChangeAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using var answer = await SendAsync(request, cancellation);
        return await ReadVersionAsync(answer, cancellation);
    }
}
