namespace Millrace.Store.Rows;

/// <summary>What a running ticket wants to claim.</summary>
/// <param name="Size">The most tasks.</param>
/// <param name="Enough">Who finds fewer is hungry: no ticket goes out for what comes, it will take it itself.</param>
/// <param name="LastPlace">The last place of the ticket that is taken.</param>
/// <param name="Begin">So many of them may be begun at once.</param>
/// <param name="Others">The waiting tickets for which this one stands back, those of other queues.</param>
/// <param name="Looked">So often the executor has looked what the ticket holds.</param>
internal readonly record struct ClaimOrder(int Size, int Enough, int LastPlace, int Begin, TicketChoice Others, int Looked = 0);
