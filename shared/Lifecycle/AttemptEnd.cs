namespace Millrace.Lifecycle;

/// <summary>How an attempt ended, seen from outside the handler. Closed.</summary>
internal abstract record AttemptEnd
{
    private AttemptEnd()
    {
    }

    /// <summary>The handler returned.</summary>
    internal sealed record Returned(TaskOutcome Outcome) : AttemptEnd;

    /// <summary>The handler threw.</summary>
    internal sealed record Threw(TaskError Error) : AttemptEnd;

    /// <summary>The handler ran longer than its time-out.</summary>
    internal sealed record TimedOut(int TimeoutSeconds) : AttemptEnd;

    /// <summary>The handler stopped because somebody cancelled the task.</summary>
    internal sealed record CancelObserved : AttemptEnd;

    /// <summary>The data cannot be read, or no handler of that type exists: trying again cannot help.</summary>
    internal sealed record Unreadable(TaskError Error) : AttemptEnd;

    /// <summary>The executor died with the task in its hands.</summary>
    internal sealed record Crashed(CrashPart Part) : AttemptEnd;

    /// <summary>The executor gave the task back: it shuts down, or could not begin it soon. No attempt was made.</summary>
    internal sealed record GivenBack : AttemptEnd;

    internal static readonly CancelObserved WasCancelled = new();

    internal static readonly GivenBack WasGivenBack = new();
}
