namespace Millrace.Api;

/// <summary>Every queue, by name.</summary>
internal sealed record QueueListView(IReadOnlyList<QueueView> Queues, int Count);
