namespace Millrace.Queues;

/// <summary>The body of a ticket's message: a hint, never the truth.</summary>
internal sealed record TicketMessage(long TicketId, string QueueName, string? Traceparent);
