using Microsoft.AspNetCore.Http;
using Millrace.Lifecycle;
using Millrace.Store.Rows;
using Millrace.Submit;

namespace Millrace.Api.Requests;

/// <summary>The query parameters of every list of tasks.</summary>
internal static class TaskListQuery
{
    internal const int DefaultLimit = 100;
    internal const int MostPerPage = 1_000;
    internal const int MostSkipped = 10_000;

    /// <summary>What every list takes beside its filters.</summary>
    internal static readonly string[] Paging = ["limit", "cursor", "skip"];

    /// <summary>What a list of tasks in any status takes, beside paths of the data.</summary>
    internal static readonly string[] Known = [.. TaskFilterFields.Names, .. Paging];

    /// <summary>The filter that the query asks for; meaningless when it adds a fault.</summary>
    /// <param name="query">What was sent.</param>
    /// <param name="fixedState">A list of one state takes no <c>status</c>.</param>
    /// <param name="faults">Gets every fault.</param>
    internal static TaskFilter Read(IQueryCollection query, TaskState? fixedState, Faults faults)
    {
        var filters = fixedState is null ? TaskFilterFields.Names : TaskFilterFields.Names[1..];
        var values = new QueryValues(query, [.. filters, .. Paging], faults, TaskFilterFields.DataPrefix);
        var skip = values.Number("skip", 0, 0, MostSkipped);
        var cursor = Cursor(values, faults);
        var filter = TaskFilterFields.Read(values.All, faults) with
        {
            Before = cursor?.Before,
            Skip = cursor?.Skip ?? skip,
            Limit = values.Limit(DefaultLimit, MostPerPage),
        };
        return fixedState is null ? filter : filter with { State = fixedState };
    }

    private static (TaskId Before, int Skip)? Cursor(QueryValues values, Faults faults)
    {
        if (values.Text("cursor") is not { } text)
        {
            return null;
        }

        var cursor = PageCursor.Read(text);
        if (cursor is null)
        {
            faults.Add("cursor", "Is not a cursor. Use the next_cursor of the page before, or leave it out for the first page.");
        }

        return cursor;
    }
}
