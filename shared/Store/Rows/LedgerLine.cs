namespace Millrace.Store.Rows;

/// <summary>The books of one queue: what was counted, and what is there.</summary>
internal sealed record LedgerLine
{
    public required string QueueName { get; init; }

    /// <summary>Tasks accepted into this queue.</summary>
    public required long Accepted { get; init; }

    public required long Succeeded { get; init; }

    public required long Cancelled { get; init; }

    public required long Expired { get; init; }

    /// <summary>Tasks dead lettered; one that was replayed may be counted again.</summary>
    public required long Failed { get; init; }

    /// <summary>Dead letters of this queue that became live again, in whichever queue.</summary>
    public required long ReplayedFrom { get; init; }

    /// <summary>Dead letters of any queue that became live in this one.</summary>
    public required long ReplayedInto { get; init; }

    /// <summary>Finished tasks of this queue that became live again, in whichever queue.</summary>
    public required long RerunFrom { get; init; }

    /// <summary>Finished tasks of any queue that became live in this one.</summary>
    public required long RerunInto { get; init; }

    /// <summary>Waiting tasks that were moved to another queue.</summary>
    public required long MovedFrom { get; init; }

    /// <summary>Waiting tasks of another queue that were moved here.</summary>
    public required long MovedInto { get; init; }

    /// <summary>Dead letters that somebody deleted.</summary>
    public required long Deleted { get; init; }

    /// <summary>Finished rows that retention dropped.</summary>
    public required long DroppedFinished { get; init; }

    /// <summary>Dead letters that retention dropped.</summary>
    public required long DroppedDead { get; init; }

    public required long LiveRows { get; init; }

    public required long FinishedRows { get; init; }

    public required long DeadRows { get; init; }

    internal long ExpectedLive => Accepted + ReplayedInto + RerunInto + MovedInto - MovedFrom - Succeeded - Cancelled - Expired - Failed;

    internal long ExpectedFinished => Succeeded + Cancelled + Expired - RerunFrom - DroppedFinished;

    internal long ExpectedDead => Failed - ReplayedFrom - Deleted - DroppedDead;
}
