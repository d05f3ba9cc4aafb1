using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Client;

/// <summary>What to change of a task that waits. What is null stays.</summary>
public sealed record TaskEdit
{
    public JsonElement? Data { get; init; }

    public int? Priority { get; init; }

    /// <summary>When it is due; or <see cref="Delay"/>, not both.</summary>
    public DateTimeOffset? ScheduledAt { get; init; }

    [JsonPropertyName("delay_seconds")]
    [JsonConverter(typeof(SecondsConverter))]
    public TimeSpan? Delay { get; init; }
}
