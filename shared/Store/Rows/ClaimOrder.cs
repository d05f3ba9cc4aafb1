namespace Millrace.Store.Rows;

/// <summary>What a running ticket wants to claim.</summary>
/// <param name="Size">The most tasks.</param>
/// <param name="FreePlaces">Handlers that could begin now; who gets fewer tasks stays hungry.</param>
/// <param name="LastPlace">The last place of the ticket that is taken.</param>
/// <param name="Begin">So many of them may be begun at once.</param>
internal readonly record struct ClaimOrder(int Size, int FreePlaces, int LastPlace, int Begin);
