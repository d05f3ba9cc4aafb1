using Millrace.Lifecycle;

namespace Millrace.Store.Rows;

/// <summary>A ticket that has just been made and needs its message.</summary>
internal readonly record struct ClaimedTicket(TicketId Id, string QueueName, int Tasks, bool Urgent);
