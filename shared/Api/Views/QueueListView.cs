namespace Millrace.Api.Views;

/// <summary>A page of queues, by name. Send <c>next_cursor</c> as <c>cursor</c> for the next one; without it this was the last.</summary>
internal sealed record QueueListView(IReadOnlyList<QueueView> Queues, int Count, int Limit)
{
    public string? NextCursor { get; init; }
}
