namespace Millrace.Lifecycle;

/// <summary>What part a task had in the death of its process, as far as it can be told.</summary>
internal enum CrashPart
{
    /// <summary>Another task was on trial: this one was only near.</summary>
    Cleared,

    /// <summary>The first time that its process died. It is charged an attempt, goes on at once, and gets the attempt back when another is shown to be guilty.</summary>
    Near,

    /// <summary>Not the first time. It is not charged; from now on it is on trial when it runs.</summary>
    Suspect,

    /// <summary>It was on trial, or had a process for itself, and not for the first time.</summary>
    Guilty,
}
