using System.Text.Json.Serialization;

namespace Millrace.Client;

/// <summary>How the dead letters of one kind of failure run again.</summary>
public sealed record FailureReplayOrder
{
    /// <summary>So many are tried first; the rest follows when all of them have succeeded.</summary>
    public int? Canary { get; init; }

    public string? QueueName { get; init; }

    public int? Priority { get; init; }

    [JsonInclude]
    internal bool? DryRun { get; init; }
}
