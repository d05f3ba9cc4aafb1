using Millrace.Store;
using Millrace.Store.Rows;

namespace Millrace.Api.Views;

/// <summary>
/// A task as the API shows it, wherever it is. A list leaves out the attempts, and JSON above 4 kB (named in
/// <c>omitted</c>); the task read alone has all of it.
/// </summary>
internal sealed record TaskView
{
    public required Guid Id { get; init; }

    public required string Type { get; init; }

    public required string QueueName { get; init; }

    public required string Status { get; init; }

    public required short Priority { get; init; }

    public RawJson? Data { get; init; }

    public RawJson? Result { get; init; }

    public RawJson? Context { get; init; }

    public RawJson? Progress { get; init; }

    public string[]? Tags { get; init; }

    public required DateTime CreatedAt { get; init; }

    public required DateTime DueAt { get; init; }

    public DateTime? ExpiresAt { get; init; }

    public DateTime? StartedAt { get; init; }

    public DateTime? FinishedAt { get; init; }

    /// <summary>Attempts that have ended and counted since the last replay.</summary>
    public required short AttemptCount { get; init; }

    public required short MaxRetries { get; init; }

    public required float RetryDelaySeconds { get; init; }

    public required float RetryBackoff { get; init; }

    public required float MaxRetryDelaySeconds { get; init; }

    public required int TimeoutSeconds { get; init; }

    /// <summary>Of the last attempt that failed, even when a later one succeeded.</summary>
    public string? ErrorType { get; init; }

    public string? ErrorMessage { get; init; }

    public string? Traceback { get; init; }

    /// <summary>exhausted, rejected, unreadable or poison, of a failed task.</summary>
    public string? DeathReason { get; init; }

    /// <summary>The executor that has it, or had it last.</summary>
    public Guid? Worker { get; init; }

    public required short Crashes { get; init; }

    public required short Replays { get; init; }

    public required bool CancelRequested { get; init; }

    public long? TicketId { get; init; }

    public string? Traceparent { get; init; }

    public string? ExternalId { get; init; }

    public int? ResultTtlSeconds { get; init; }

    /// <summary>From then on the result is not shown.</summary>
    public DateTime? ResultExpiresAt { get; init; }

    /// <summary>What the failure of a failed task has in common with others: see <c>/api/v1/failures</c>.</summary>
    public string? Fingerprint { get; init; }

    public IReadOnlyList<AttemptView>? Attempts { get; init; }

    public IReadOnlyList<string>? Omitted { get; init; }

    /// <summary>The whole task.</summary>
    internal static TaskView From(StoredTask task) => Brief(task) with { Attempts = AttemptsOf(task) };

    /// <summary>The task as a list shows it.</summary>
    internal static TaskView Brief(StoredTask task)
    {
        var failure = task.History.LastOrDefault(static entry => entry.ErrorType is not null);
        return new()
        {
            Id = task.Id.Value,
            Type = task.Type,
            QueueName = task.QueueName,
            Status = task.State.Word(),
            Priority = task.Priority,
            Data = RawJson.From(task.Data),
            Result = RawJson.From(task.Result),
            Context = RawJson.From(task.Context),
            Progress = RawJson.From(task.Progress),
            Tags = task.Tags,
            CreatedAt = task.CreatedAt,
            DueAt = task.DueAt,
            ExpiresAt = task.ExpiresAt,
            StartedAt = task.StartedAt,
            FinishedAt = task.FinishedAt,
            AttemptCount = task.Attempts,
            MaxRetries = task.Retries.MaxRetries,
            RetryDelaySeconds = task.Retries.DelaySeconds,
            RetryBackoff = task.Retries.Backoff,
            MaxRetryDelaySeconds = task.Retries.MaxDelaySeconds,
            TimeoutSeconds = task.TimeoutSeconds,
            ErrorType = failure?.ErrorType,
            ErrorMessage = failure?.ErrorMessage,
            Traceback = failure?.Trace,
            DeathReason = task.DeathReason,
            Worker = task.ExecutorId ?? failure?.ExecutorId,
            Crashes = task.Crashes,
            Replays = task.Replays,
            CancelRequested = task.CancelRequested,
            TicketId = task.TicketId,
            Traceparent = task.TraceParent,
            ExternalId = task.ExternalId,
            ResultTtlSeconds = task.ResultTtlSeconds,
            ResultExpiresAt = task.ResultExpiresAt,
            Fingerprint = task.Fingerprint,
            Omitted = task.Omitted.Count == 0 ? null : task.Omitted,
        };
    }

    private static List<AttemptView> AttemptsOf(StoredTask task)
    {
        List<AttemptView> attempts = [.. task.History.Select(AttemptView.From)];
        if (AttemptView.Last(task) is { } last)
        {
            attempts.Add(last);
        }

        return attempts;
    }
}
