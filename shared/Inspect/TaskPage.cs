using Microsoft.AspNetCore.Http;
using Millrace.Api;
using Millrace.Store;

namespace Millrace.Inspect;

/// <summary>A page of any list of tasks. One row more than asked for tells whether there is another page.</summary>
internal static class TaskPage
{
    internal static Task<IReadOnlyList<StoredTask>> ReadAsync(TaskStore store, TaskFilter filter, CancellationToken cancellation) =>
        store.ListAsync(filter with { Limit = filter.Limit + 1 }, cancellation);

    internal static JsonAnswer<TaskListView> Answer(IReadOnlyList<StoredTask> read, int limit, long? total)
    {
        List<TaskView> shown = [.. read.Take(limit).Select(TaskView.Brief)];
        var page = new TaskListView(shown, shown.Count, limit)
        {
            NextCursor = read.Count > limit ? PageCursor.Write(read[limit - 1].Id) : null,
            Total = total,
        };
        return new(StatusCodes.Status200OK, page, ApiJson.Readable.TaskListView);
    }
}
