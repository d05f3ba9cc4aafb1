using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Client;

/// <summary>An action on many tasks, which is a task itself: how far it has come.</summary>
public sealed record BulkAction
{
    /// <summary>Of the action and of the task that carries it out; null for a dry run.</summary>
    public Guid? Id { get; init; }

    /// <summary>One of <see cref="BulkActionKind"/>.</summary>
    public string Action { get; init => field = value ?? string.Empty; } = string.Empty;

    /// <summary>One of <see cref="TaskStates"/>, of the task that carries it out.</summary>
    public string Status { get; init => field = value ?? string.Empty; } = string.Empty;

    /// <summary>Tasks that match; while it goes on, those it has come to.</summary>
    public long Matched { get; init; }

    /// <summary>Tasks that it has changed.</summary>
    public long Changed { get; init; }

    [JsonIgnore]
    public bool HasEnded => TaskStates.IsEnd(Status);

    /// <summary>What else the API says of it, by name.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? More { get; set; }
}
