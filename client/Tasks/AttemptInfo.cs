namespace Millrace.Client;

/// <summary>An attempt that has ended: failed, crashed, succeeded or cancelled. An omitted one stands for attempts that are not kept.</summary>
public sealed record AttemptInfo
{
    public int Attempt { get; init; }

    /// <summary>How often the task had been replayed before it.</summary>
    public int Replay { get; init; }

    public string Outcome { get; init => field = value ?? string.Empty; } = string.Empty;

    public string? ErrorType { get; init; }

    public string? ErrorMessage { get; init; }

    public string? Traceback { get; init; }

    public Guid? Worker { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public long? RunMs { get; init; }

    /// <summary>How many attempts are left out in this place: of a long history the first one and the last ones are kept.</summary>
    public long? Omitted { get; init; }
}
