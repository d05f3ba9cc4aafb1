namespace Millrace.Api.Views;

/// <summary>
/// A page of tasks, newest first. Send <c>next_cursor</c> as <c>cursor</c> for the next one; without it this was the last. A page of a
/// search that no index helps may be short, or empty, and have a next one.
/// </summary>
internal sealed record TaskListView(IReadOnlyList<TaskView> Tasks, int Count, int Limit)
{
    public string? NextCursor { get; init; }

    /// <summary>How many match in all, where a count is cheap: of dead letters.</summary>
    public long? Total { get; init; }
}
