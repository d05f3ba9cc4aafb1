using Microsoft.AspNetCore.Http;
using Millrace.Api;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Submit;

namespace Millrace.Inspect;

/// <summary>Shows tasks: one with everything, or a page of them.</summary>
public sealed class TaskInspector
{
    private readonly TaskStore store;

    internal TaskInspector(TaskStore store) => this.store = store;

    /// <summary>The task, wherever it is.</summary>
    public Task<IResult> GetAsync(string id, CancellationToken cancellation) => StoreFaults.AnswerAsync(async () =>
    {
        if (!Guid.TryParse(id, out var value))
        {
            return Problems.InvalidId(id);
        }

        var task = await store.FindAsync(new TaskId(value), cancellation);
        return task is null ? Problems.TaskNotFound(value) : Answer(StatusCodes.Status200OK, task);
    });

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
                : TaskPage.Answer(await TaskPage.ReadAsync(store, filter, cancellation), filter.Limit, null);
        });
    }

    internal static JsonAnswer<TaskView> Answer(int status, StoredTask task) => new(status, TaskView.From(task), ApiJson.Readable.TaskView);
}
