namespace Millrace.Api.Views;

/// <summary>Every queue, by name.</summary>
internal sealed record QueueListView(IReadOnlyList<QueueView> Queues, int Count);
