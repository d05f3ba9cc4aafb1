using System.Text.Json.Serialization;

namespace Millrace.Client;

/// <summary>Which dead letters are retried, and with what. What is null stays as it was.</summary>
public sealed record ManyOrder
{
    /// <summary>Which. Without any, <see cref="All"/> must say that it is meant so.</summary>
    [JsonConverter(typeof(FilterConverter))]
    public TaskFilter Filters { get; init; } = new();

    public bool? All { get; init; }

    public string? QueueName { get; init; }

    public int? Priority { get; init; }

    /// <summary>So many are tried first; the rest follows when all of them have succeeded.</summary>
    public int? Canary { get; init; }

    [JsonInclude]
    internal bool? DryRun { get; init; }
}
