namespace Millrace.Store.Rows;

/// <summary>What an edit did.</summary>
internal enum EditEffect
{
    /// <summary>No live task has the id.</summary>
    None = 0,

    /// <summary>It is done.</summary>
    Edited = 1,

    /// <summary>The task is in a ticket, so nothing was changed.</summary>
    Claimed = 2,

    /// <summary>The task is another version than the one that was asked for, so nothing was changed.</summary>
    Changed = 3,

    /// <summary>Nothing to change, if the task waits: it has what was asked for.</summary>
    Unneeded = 4,
}
