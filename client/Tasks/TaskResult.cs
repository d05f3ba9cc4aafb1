using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Millrace.Client;

/// <summary>How a task ended, or, when it was not waited for long enough, where it is.</summary>
public sealed record TaskResult
{
    public Guid Id { get; init; }

    /// <summary>One of <see cref="TaskStates"/>.</summary>
    public string Status { get; init => field = value ?? string.Empty; } = string.Empty;

    public JsonElement? Result { get; init; }

    public string? ErrorType { get; init; }

    public string? ErrorMessage { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    [JsonIgnore]
    public bool HasEnded => TaskStates.IsEnd(Status);

    /// <summary>The result as a type of yours; default when there is none.</summary>
    /// <exception cref="JsonException">It has another shape.</exception>
    public T? Read<T>(JsonTypeInfo<T> format) => Result is { } result ? result.Deserialize(format) : default;
}
