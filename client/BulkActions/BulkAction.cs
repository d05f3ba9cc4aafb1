using System.Text.Json.Serialization;

namespace Millrace.Client;

/// <summary>An action on many tasks, which is a task itself: how far it has come. It can be waited for by its id, as any task.</summary>
public sealed record BulkAction
{
    /// <summary>Of the action and of the task that carries it out.</summary>
    public Guid Id { get; init; }

    /// <summary>One of <see cref="BulkActionKind"/>.</summary>
    public string Action { get; init => field = value ?? string.Empty; } = string.Empty;

    /// <summary>One of <see cref="BulkActionStates"/>.</summary>
    public string Status { get; init => field = value ?? string.Empty; } = string.Empty;

    /// <summary>Tasks that were found so far.</summary>
    public long Matched { get; init; }

    /// <summary>Those of them that something was done to.</summary>
    public long Changed { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Tasks that are tried first.</summary>
    public IReadOnlyList<Guid>? Canaries { get; init; }

    /// <summary>Why it failed.</summary>
    public string? ErrorMessage { get; init; }

    [JsonIgnore]
    public bool HasEnded => BulkActionStates.IsEnd(Status);
}
