namespace Millrace.Lifecycle;

/// <summary>Why a task was dead lettered; PostgreSQL's type <c>death_reason</c>.</summary>
internal enum DeathReason
{
    /// <summary>Every attempt failed.</summary>
    Exhausted,

    /// <summary>The handler said that trying again cannot help.</summary>
    Rejected,

    /// <summary>The data cannot be read by the handler, or there is no handler.</summary>
    Unreadable,

    /// <summary>It was shown to kill the process that runs it, again and again.</summary>
    Poison,

    /// <summary>Its process died while it ran, which need not have been its fault, and it may not be tried again.</summary>
    Interrupted,
}
