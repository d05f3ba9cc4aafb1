using Millrace.Lifecycle;

namespace Millrace.Store.Rows;

/// <summary>The answer to a heartbeat.</summary>
/// <param name="Held">Tickets that this executor holds and has renewed.</param>
/// <param name="Unknown">Tickets that somebody has locked: not renewed, and not lost. Of all others it must let go.</param>
/// <param name="Cancelled">Tasks in them that somebody wants to end.</param>
internal sealed record Heartbeat(IReadOnlySet<long> Held, IReadOnlySet<long> Unknown, IReadOnlySet<TaskId> Cancelled);
