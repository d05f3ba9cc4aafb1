namespace Millrace.Store.Rows;

/// <summary>An attempt that did not succeed, as a task's history keeps it.</summary>
internal sealed record AttemptEntry
{
    public int Attempt { get; init; }

    /// <summary>How often the task had been replayed by then.</summary>
    public int Replay { get; init; }

    /// <summary><c>failed</c>, <c>crashed</c>, or <c>omitted</c> for attempts that are not kept.</summary>
    public string Outcome { get; init; } = string.Empty;

    public string? ErrorType { get; init; }

    public string? ErrorMessage { get; init; }

    public string? Trace { get; init; }

    public Guid? ExecutorId { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public long? RunMs { get; init; }

    /// <summary>How many attempts are left out in this place.</summary>
    public long? Omitted { get; init; }
}
