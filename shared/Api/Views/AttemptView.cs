using Millrace.Store;
using Millrace.Store.Rows;

namespace Millrace.Api.Views;

/// <summary>An attempt that has ended. <c>replay</c> counts the times that the task had been replayed before it.</summary>
internal sealed record AttemptView
{
    public required int Attempt { get; init; }

    public required int Replay { get; init; }

    /// <summary><c>failed</c>, <c>crashed</c>, <c>succeeded</c> or <c>cancelled</c>; <c>omitted</c> stands for attempts that are not kept.</summary>
    public required string Outcome { get; init; }

    public string? ErrorType { get; init; }

    public string? ErrorMessage { get; init; }

    public string? Traceback { get; init; }

    public Guid? Worker { get; init; }

    public DateTime? StartedAt { get; init; }

    public DateTime? EndedAt { get; init; }

    public long? RunMs { get; init; }

    /// <summary>How many attempts are left out in this place: of a long history the first one and the last ones are kept.</summary>
    public long? Omitted { get; init; }

    internal static AttemptView From(AttemptEntry entry) => new()
    {
        Attempt = entry.Attempt,
        Replay = entry.Replay,
        Outcome = entry.Outcome,
        ErrorType = entry.ErrorType,
        ErrorMessage = entry.ErrorMessage,
        Traceback = entry.Trace,
        Worker = entry.ExecutorId,
        StartedAt = entry.StartedAt?.UtcDateTime,
        EndedAt = entry.EndedAt?.UtcDateTime,
        RunMs = entry.RunMs,
        Omitted = entry.Omitted,
    };

    /// <summary>The attempt that a task was finished with, where one was made: it is not in the history.</summary>
    internal static AttemptView? Last(StoredTask task) => task is { FinishedAt: { } end, StartedAt: { } start, DeathReason: null }
        ? new()
        {
            Attempt = task.Attempts,
            Replay = task.Replays,
            Outcome = task.State.Word(),
            Worker = task.ExecutorId,
            StartedAt = start,
            EndedAt = end,
            RunMs = (long)(end - start).TotalMilliseconds,
        }
        : null;
}
