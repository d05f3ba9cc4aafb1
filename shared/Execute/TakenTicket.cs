using Millrace.Store.Rows;

namespace Millrace.Execute;

/// <summary>A ticket that this executor has just taken.</summary>
/// <param name="Tasks">What it holds; nothing when there was no ticket to take.</param>
/// <param name="Before">When the statement was sent that took it: its lease counts from there.</param>
/// <param name="Begin">So many of its tasks may be begun without a further word to PostgreSQL.</param>
/// <param name="Places">The places that were promised to these, when its queue was known before.</param>
internal sealed record TakenTicket(IReadOnlyList<TaskRecord> Tasks, TicketLease.Moment Before, int Begin, HandlerPlaces? Places)
{
    internal static readonly TakenTicket None = new([], new(0, default), 0, null);

    internal bool IsNone => Tasks.Count == 0;

    /// <summary>It holds one task alone, which was near several crashes.</summary>
    internal bool IsSuspect => Tasks is [{ IsSuspect: true }];
}
