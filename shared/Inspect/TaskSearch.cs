using Microsoft.AspNetCore.Http;
using Millrace.Api.Answers;
using Millrace.Api.Requests;
using Millrace.Api.Views;
using Millrace.Store;
using Millrace.Store.Rows;

namespace Millrace.Inspect;

/// <summary>
/// A page of any list of tasks. What indexes know is found in one step; else rows are read in steps until the page is full or the
/// time is up, and the cursor tells where to go on. One row more than asked for tells whether there is another page.
/// </summary>
internal sealed class TaskSearch(TaskStore store, TimeProvider clock)
{
    /// <summary>Rows of each place that a step looks at one by one: few at first, twice as many after each step that was short.</summary>
    private const int FewestAtOnce = 1_000;
    private const int MostAtOnce = 8_000;

    private static readonly TimeSpan ShortStep = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan LongEnough = TimeSpan.FromMilliseconds(80);

    internal async Task<JsonAnswer<TaskListView>> AnswerAsync(TaskFilter filter, long? total, CancellationToken cancellation)
    {
        List<StoredTask> found = [];
        var (skip, before) = (filter.Skip, filter.Before);
        var atOnce = FewestAtOnce;
        var began = clock.GetTimestamp();
        do
        {
            var stepBegan = clock.GetTimestamp();
            var wanted = filter.Limit + 1 - found.Count;
            var step = await store.SearchAsync(
                filter with { Before = before, Skip = skip, Limit = wanted }, filter.IsDeep ? atOnce : Math.Max(wanted, Math.Min(skip + wanted, atOnce)), cancellation);
            found.AddRange(step.Tasks);
            skip -= (int)Math.Min(skip, step.Matched);
            before = step.Floor;
            atOnce = clock.GetElapsedTime(stepBegan) < ShortStep ? Math.Min(atOnce * 2, MostAtOnce) : atOnce;
        }
        while (found.Count <= filter.Limit && before is not null && clock.GetElapsedTime(began) < LongEnough);

        var next = found.Count > filter.Limit ? found[filter.Limit - 1].Id : before;
        List<TaskView> shown = [.. found.Take(filter.Limit).Select(TaskView.Brief)];
        var page = new TaskListView(shown, shown.Count, filter.Limit)
        {
            NextCursor = next is { } last ? PageCursor.Write(last, skip) : null,
            Total = total,
        };
        return new(StatusCodes.Status200OK, page, ApiJson.Readable.TaskListView);
    }
}
