using Millrace.Lifecycle;

namespace Millrace.Store.Rows;

/// <summary>The answer to a heartbeat.</summary>
/// <param name="Held">Tickets that this executor still holds; of the others it must let go.</param>
/// <param name="Cancelled">Tasks in them that somebody wants to end.</param>
internal sealed record Heartbeat(IReadOnlySet<long> Held, IReadOnlySet<TaskId> Cancelled);
