using Millrace.Lifecycle;

namespace Millrace.Store.Rows;

/// <summary>A task in a ticket, as much of it as its fate depends on.</summary>
/// <param name="Id">The task.</param>
/// <param name="Place">Its place in the ticket.</param>
/// <param name="Begun">It may have been begun.</param>
/// <param name="Claim">What the rules need to know of it.</param>
internal readonly record struct HeldTask(TaskId Id, int Place, bool Begun, ClaimedTask Claim);
