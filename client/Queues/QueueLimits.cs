using System.Text.Json.Serialization;

namespace Millrace.Client;

/// <summary>What a queue is set to; the whole of it is replaced.</summary>
public sealed record QueueLimits
{
    /// <summary>A submission beyond this many waiting tasks is refused; null for no limit.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public int? MaxDepth { get; init; }
}
