using Microsoft.AspNetCore.Http;
using Millrace.Api.Answers;
using Millrace.Api.Requests;
using Millrace.Api.Views;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;
using Millrace.Submit;

namespace Millrace.Inspect;

/// <summary>Shows tasks: one with everything, or a page of them.</summary>
public sealed class TaskInspector
{
    private readonly TaskStore store;
    private readonly TaskSearch search;

    internal TaskInspector(TaskStore store, TaskSearch search)
    {
        this.store = store;
        this.search = search;
    }

    /// <summary>The task, wherever it is; 304 when the client has this version already.</summary>
    public Task<IResult> GetAsync(string id, HttpRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        return StoreFaults.AnswerAsync(async () =>
        {
            if (!Guid.TryParse(id, out var value))
            {
                return Problems.InvalidId(id);
            }

            var task = await store.FindAsync(new TaskId(value), cancellation);
            return task is null ? Problems.TaskNotFound(value)
                : TaskTag.Matches(request.Headers.IfNoneMatch, task) ? TaskTag.NotModified(task)
                : Answer(StatusCodes.Status200OK, task);
        });
    }

    /// <summary>A page of tasks, newest first.</summary>
    public Task<IResult> ListAsync(HttpRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        return StoreFaults.AnswerAsync(async () =>
        {
            var faults = new Faults();
            var filter = TaskListQuery.Read(request.Query, null, faults);
            return faults.Any
                ? Problems.InvalidQuery(faults.ByField())
                : await search.AnswerAsync(filter, null, cancellation);
        });
    }

    /// <summary>What operators look for first; the worst comes first, and there are no further pages.</summary>
    public Task<IResult> PresetAsync(string name, HttpRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        return StoreFaults.AnswerAsync(async () =>
        {
            var faults = new Faults();
            var limit = new QueryValues(request.Query, ["limit"], faults).Limit(TaskListQuery.DefaultLimit, TaskListQuery.MostPerPage);
            if (!TaskStore.Presets.ContainsKey(name))
            {
                return Problems.PresetNotFound(name, TaskStore.Presets.Keys);
            }

            return faults.Any ? Problems.InvalidQuery(faults.ByField()) : await PresetAsync(name, limit, cancellation);
        });
    }

    internal static JsonAnswer<TaskView> Answer(int status, StoredTask task) =>
        new(status, TaskView.From(task), ApiJson.Readable.TaskView) { ETag = TaskTag.Of(task) };

    private async Task<IResult> PresetAsync(string name, int limit, CancellationToken cancellation)
    {
        var tasks = await store.PresetAsync(name, limit, cancellation);
        var view = new TaskListView([.. tasks.Select(TaskView.Brief)], tasks.Count, limit);
        return new JsonAnswer<TaskListView>(StatusCodes.Status200OK, view, ApiJson.Readable.TaskListView);
    }
}
