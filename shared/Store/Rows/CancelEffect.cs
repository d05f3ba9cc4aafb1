namespace Millrace.Store.Rows;

/// <summary>What a cancel did to a live task.</summary>
internal enum CancelEffect
{
    /// <summary>Nothing: the task is not live.</summary>
    None,

    /// <summary>It waited, and is finished as cancelled.</summary>
    Finished,

    /// <summary>It is in a ticket: its executor will hear of it with the next heartbeat.</summary>
    Requested,
}
