namespace Millrace.Client;

/// <summary>Why a task is not running: what blocks it first stands first. There is always a reason.</summary>
public sealed record TaskExplanation
{
    public Guid Id { get; init; }

    /// <summary>One of <see cref="TaskStates"/>.</summary>
    public string Status { get; init => field = value ?? string.Empty; } = string.Empty;

    public string QueueName { get; init => field = value ?? string.Empty; } = string.Empty;

    public IReadOnlyList<TaskReason> Reasons { get; init => field = value ?? []; } = [];

    /// <summary>When it will begin if things go on as they do; null where that cannot be told.</summary>
    public DateTimeOffset? EstimatedStart { get; init; }
}
