namespace Millrace.Api.Views;

/// <summary>Every queue, and the sum of their depths.</summary>
internal sealed record QueueDepthListView(IReadOnlyList<QueueDepthView> Queues, long TotalDepth, long TotalRunning, long TotalFailed);
