namespace Millrace.Api;

/// <summary>A page of tasks, newest first. Send <c>next_cursor</c> as <c>cursor</c> for the next one; without it this was the last.</summary>
internal sealed record TaskListView(IReadOnlyList<TaskView> Tasks, int Count, int Limit)
{
    public string? NextCursor { get; init; }

    /// <summary>How many match in all, where a count is cheap: of dead letters.</summary>
    public long? Total { get; init; }
}
