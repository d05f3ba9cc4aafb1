namespace Millrace.Client;

/// <summary>Why a task is not running: the reasons, the first one first.</summary>
public sealed record TaskExplanation
{
    public Guid Id { get; init; }

    /// <summary>One of <see cref="TaskStates"/>.</summary>
    public string Status { get; init => field = value ?? string.Empty; } = string.Empty;

    public IReadOnlyList<TaskReason> Reasons { get; init => field = value ?? []; } = [];
}
