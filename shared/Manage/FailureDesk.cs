using Microsoft.AspNetCore.Http;
using Millrace.Api.Answers;
using Millrace.Api.Requests;
using Millrace.Api.Views;
using Millrace.Store;
using Millrace.Store.Rows;
using Millrace.Submit;

namespace Millrace.Manage;

/// <summary>Shows what fails, grouped by fingerprint, and replays a group, a few of it first if so wished.</summary>
public sealed class FailureDesk
{
    private const int MostGroups = 100;
    private const int LiveTasks = 5_000;

    private readonly TaskStore store;
    private readonly BulkActionDesk bulk;

    internal FailureDesk(TaskStore store, BulkActionDesk bulk)
    {
        this.store = store;
        this.bulk = bulk;
    }

    /// <summary>Up to <c>limit</c> groups, the largest first.</summary>
    public Task<IResult> ListAsync(HttpRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        return StoreFaults.AnswerAsync(async () =>
        {
            var faults = new Faults();
            var limit = new QueryValues(request.Query, ["limit"], faults).Limit(MostGroups, MostGroups);
            if (faults.Any)
            {
                return Problems.InvalidQuery(faults.ByField());
            }

            var (dead, failing) = await store.FailuresAsync(limit, LiveTasks, cancellation);
            List<FailureView> groups = [.. Merged(dead, failing).Take(limit)];
            return new JsonAnswer<FailuresView>(StatusCodes.Status200OK, new(groups, groups.Count), ApiJson.Readable.FailuresView);
        });
    }

    /// <summary>Replays the dead letters of a group as a bulk action; with <c>canary</c>, so many first, and the rest when they have succeeded.</summary>
    public Task<IResult> ReplayAsync(string fingerprint, HttpRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        return StoreFaults.AnswerAsync(async () =>
        {
            var filter = new TaskFilter { State = Lifecycle.TaskState.Failed, Fingerprint = fingerprint, Limit = 1 };
            if (!QueryValues.IsText(fingerprint) || await store.CountDeadLettersAsync(filter, cancellation) == 0)
            {
                return Problems.FailureNotFound(fingerprint);
            }

            return await bulk.OrderAsync(request, BulkRoute.Failure(fingerprint), cancellation);
        });
    }

    private static IEnumerable<FailureView> Merged(IReadOnlyList<FailureGroup> dead, IReadOnlyList<FailureGroup> failing)
    {
        var live = failing.ToDictionary(static group => group.Fingerprint, StringComparer.Ordinal);
        foreach (var group in dead)
        {
            yield return FailureView.From(live.Remove(group.Fingerprint, out var also)
                ? group with { Retrying = also.Retrying, LastAt = also.LastAt > group.LastAt ? also.LastAt : group.LastAt }
                : group);
        }

        foreach (var group in live.Values.OrderByDescending(static group => group.Retrying))
        {
            yield return FailureView.From(group);
        }
    }
}
