using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Millrace.Client;

/// <summary>A task to submit. What is null is left to the API's defaults.</summary>
public sealed record NewTask
{
    /// <summary>Names the handler.</summary>
    public required string Type { get; init; }

    /// <summary>Any JSON, up to 1 MB with the rest of the task.</summary>
    public JsonElement? Data { get; init; }

    /// <summary><c>default</c> unless given.</summary>
    public string? QueueName { get; init; }

    /// <summary>1 (last) to 10 (first); see <see cref="TaskPriority"/>. 5 unless given.</summary>
    public int? Priority { get; init; }

    /// <summary>How long from now it is due; or <see cref="ScheduledAt"/>, not both.</summary>
    [JsonPropertyName("delay_seconds")]
    [JsonConverter(typeof(SecondsConverter))]
    public TimeSpan? Delay { get; init; }

    public DateTimeOffset? ScheduledAt { get; init; }

    /// <summary>Not started by then, it ends as expired.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Attempts after the first; 3 unless given.</summary>
    public int? MaxRetries { get; init; }

    /// <summary>The first wait between attempts; 5 s unless given.</summary>
    [JsonPropertyName("retry_delay_seconds")]
    [JsonConverter(typeof(SecondsConverter))]
    public TimeSpan? RetryDelay { get; init; }

    /// <summary>Each wait is this much longer than the one before; 2 unless given.</summary>
    public double? RetryBackoff { get; init; }

    [JsonPropertyName("max_retry_delay_seconds")]
    [JsonConverter(typeof(SecondsConverter))]
    public TimeSpan? MaxRetryDelay { get; init; }

    /// <summary>How long one attempt may run, in whole seconds; an hour unless given.</summary>
    [JsonPropertyName("timeout_seconds")]
    [JsonConverter(typeof(SecondsConverter))]
    public TimeSpan? Timeout { get; init; }

    /// <summary>Your own id of it: a second submission with the same one is answered with the first one's task.</summary>
    public string? ExternalId { get; init; }

    /// <summary>How long the result is shown after the end, in whole seconds.</summary>
    [JsonPropertyName("result_ttl_seconds")]
    [JsonConverter(typeof(SecondsConverter))]
    public TimeSpan? ResultTtl { get; init; }

    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>A JSON object that is kept with the task and given to its handler.</summary>
    public JsonElement? Context { get; init; }

    /// <summary>A task with data of a type of yours.</summary>
    public static NewTask Of<T>(string type, T data, JsonTypeInfo<T> format) =>
        new() { Type = type, Data = JsonSerializer.SerializeToElement(data, format) };
}
