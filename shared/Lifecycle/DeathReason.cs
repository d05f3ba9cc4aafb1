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

    /// <summary>Its last attempts ended with the death of the executor.</summary>
    Poison,
}
