namespace Millrace.Lifecycle;

/// <summary>
/// The states of a task, as the API names them.
/// <code>
/// submit -> blocked -> pending (scheduled, retrying) -> dispatched -> running -> succeeded | cancelled | expired | failed
///                         ^------------ retry, snooze, hand-back, crash ----------'
/// </code>
/// A row is <c>blocked</c> or <c>pending</c>; the rest is derived: from the due time (scheduled,
/// retrying), from the claim that names it and its ticket (dispatched, running), and from the table that holds the row (finished_tasks, dead_letters).
/// </summary>
internal enum TaskState
{
    /// <summary>Waits for parents.</summary>
    Blocked,

    /// <summary>Pending with a due time in the future and no attempt yet.</summary>
    Scheduled,

    /// <summary>Due, and not yet in a ticket.</summary>
    Pending,

    /// <summary>In a ticket that no executor has started.</summary>
    Dispatched,

    /// <summary>In a ticket that an executor has started.</summary>
    Running,

    /// <summary>Pending with a due time in the future after at least one attempt.</summary>
    Retrying,

    /// <summary>Finished well.</summary>
    Succeeded,

    /// <summary>Dead lettered: it will not be tried again by itself.</summary>
    Failed,

    /// <summary>Cancelled before it succeeded.</summary>
    Cancelled,

    /// <summary>Not started before its <c>expires_at</c>.</summary>
    Expired,
}
