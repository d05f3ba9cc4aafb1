using Millrace.Lifecycle;

namespace Millrace.Store.Rows;

/// <summary>A claimed task as an executor works on it. <see cref="Data"/> and <see cref="Context"/> are JSON as UTF-8, to the letter.</summary>
internal sealed record TaskRecord
{
    /// <summary>In the order in which they are begun.</summary>
    internal static readonly Comparison<TaskRecord> ByPlace = static (a, b) => a.Place - b.Place;

    public required TaskId Id { get; init; }

    /// <summary>The ticket that holds it.</summary>
    public required TicketId Ticket { get; init; }

    /// <summary>Its place in the ticket, from 1; tasks are begun in this order.</summary>
    public required int Place { get; init; }

    public required string Type { get; init; }

    public required string QueueName { get; init; }

    public required short Priority { get; init; }

    public required DateTime DueAt { get; init; }

    public required ClaimedTask Claim { get; init; }

    /// <summary>It ran more than once when its process died: it travels alone in its ticket, and is on trial (<see cref="CrashRules"/>).</summary>
    public bool IsSuspect => Claim.Crashes >= CrashRules.SuspectFrom;

    public required int TimeoutSeconds { get; init; }

    public required byte[] Data { get; init; }

    public required byte[]? Context { get; init; }

    public required string? TraceParent { get; init; }
}
