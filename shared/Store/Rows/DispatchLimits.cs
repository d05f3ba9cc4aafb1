namespace Millrace.Store.Rows;

/// <param name="QueuedTickets">How many tickets of a queue may wait for an executor at the same time.</param>
/// <param name="Lease">How long a ticket waits for an executor before its tasks go back.</param>
/// <param name="StandsBack">For ten seconds the ticket waits behind others: its queue is one of many that were filled together.</param>
internal readonly record struct DispatchLimits(int QueuedTickets, TimeSpan Lease, bool StandsBack = false);
