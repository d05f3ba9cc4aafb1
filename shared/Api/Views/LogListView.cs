namespace Millrace.Api.Views;

/// <summary>A page of a task's lines, oldest first.</summary>
internal sealed record LogListView(IReadOnlyList<LogLineView> Lines, int Count, int Limit)
{
    public string? NextCursor { get; init; }
}
