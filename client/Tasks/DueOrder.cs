using System.Text.Json.Serialization;

namespace Millrace.Client;

/// <summary>When a task is due: the body of a reschedule.</summary>
internal sealed record DueOrder(
    DateTimeOffset? ScheduledAt,
    [property: JsonPropertyName("delay_seconds")][property: JsonConverter(typeof(SecondsConverter))] TimeSpan? Delay);
