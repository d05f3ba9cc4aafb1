namespace Millrace.Lifecycle;

/// <summary>What becomes of a claimed task. Closed: it is finished, dead, or waits again.</summary>
internal abstract record Transition
{
    private Transition()
    {
    }

    /// <summary>How long the task waits from now on; null when it does not wait again.</summary>
    internal TimeSpan? Waits => this switch
    {
        Retry retry => retry.Delay ?? TimeSpan.Zero,
        Release release => release.Delay ?? TimeSpan.Zero,
        _ => null,
    };

    /// <summary>The task waits again, and need not wait for a time to come.</summary>
    internal bool IsDueAtOnce => Waits <= TimeSpan.Zero;

    /// <summary>To finished_tasks.</summary>
    internal sealed record Finish(FinishedAs As, ReadOnlyMemory<byte> Result) : Transition;

    /// <summary>To dead_letters.</summary>
    internal sealed record Bury(DeathReason Reason, TaskError Error) : Transition;

    /// <summary>Back to pending after a failed or crashed attempt; costs one. A null delay keeps the due time it had, and so its turn.</summary>
    internal sealed record Retry(TimeSpan? Delay, TaskError Error, bool Crashed) : Transition;

    /// <summary>Back to pending at no cost; a null delay keeps the due time it had. It may have been near a crash all the same.</summary>
    internal sealed record Release(TimeSpan? Delay, bool Crashed = false) : Transition;
}
