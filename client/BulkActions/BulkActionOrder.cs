using System.Text.Json.Serialization;

namespace Millrace.Client;

/// <summary>Something to do with every task that matches.</summary>
public sealed record BulkActionOrder
{
    /// <summary>One of <see cref="BulkActionKind"/>.</summary>
    public required string Action { get; init; }

    /// <summary>Which tasks. Without any, <see cref="All"/> must say that it is meant so.</summary>
    [JsonConverter(typeof(FilterConverter))]
    public TaskFilter Filters { get; init; } = new();

    public bool? All { get; init; }

    /// <summary>The new priority, of a boost or of tasks that run again.</summary>
    public int? Priority { get; init; }

    /// <summary>The new queue, of a move or of tasks that run again.</summary>
    public string? QueueName { get; init; }

    /// <summary>Of tasks that run again, so many are tried first; the rest follows when all of them have succeeded.</summary>
    public int? Canary { get; init; }

    [JsonInclude]
    internal bool? DryRun { get; init; }
}
