namespace Millrace.Store.Rows;

/// <summary>What is to be claimed of a queue into a new ticket.</summary>
/// <param name="QueueName">The queue.</param>
/// <param name="Size">The most tasks.</param>
/// <param name="Limits">The bound of queued tickets, and the lease.</param>
internal readonly record struct TicketOrder(string QueueName, int Size, DispatchLimits Limits);
