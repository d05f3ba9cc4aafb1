using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Client;

/// <summary>
/// A CloudEvent 1.0, which is a task of its type with its data; everything else of it is in the task's context. Source and id together
/// are its key: it is accepted once, however often it is sent.
/// </summary>
public sealed record CloudEvent
{
    public required string Id { get; init; }

    /// <summary>A URI reference, like <c>/orders</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Names the handler.</summary>
    public required string Type { get; init; }

    public string? Subject { get; init; }

    public DateTimeOffset? Time { get; init; }

    public JsonElement? Data { get; init; }

    /// <summary>Of what <see cref="Data"/> is.</summary>
    [JsonPropertyName("datacontenttype")]
    public string? DataContentType { get; init; }

    /// <summary>An absolute URI.</summary>
    [JsonPropertyName("dataschema")]
    public string? DataSchema { get; init; }

    /// <summary>The queue of the task; <c>default</c> unless given.</summary>
    [JsonPropertyName("queuename")]
    public string? QueueName { get; init; }

    /// <summary>1 (last) to 10 (first); 5 unless given.</summary>
    public int? Priority { get; init; }

    /// <summary>Extension attributes: texts, numbers or booleans; names of lower-case letters and digits.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extensions { get; set; }

    [JsonInclude]
    [JsonPropertyName("specversion")]
    internal string SpecVersion { get; } = "1.0";
}
