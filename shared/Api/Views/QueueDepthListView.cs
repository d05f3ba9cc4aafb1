namespace Millrace.Api.Views;

/// <summary>
/// A page of queues, by name, and the sums of all queues. Send <c>next_cursor</c> as <c>cursor</c> for the next page; without it this was the last.
/// </summary>
internal sealed record QueueDepthListView(
    IReadOnlyList<QueueDepthView> Queues, int Count, int Limit, long TotalDepth, long TotalRunning, long TotalFailed)
{
    public string? NextCursor { get; init; }
}
