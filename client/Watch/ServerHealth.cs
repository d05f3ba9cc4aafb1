using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Client;

/// <summary>How a server that the pipeline needs answers it.</summary>
public sealed record ServerHealth
{
    public string Status { get; init => field = value ?? string.Empty; } = string.Empty;

    /// <summary>False, too, for a Redis that is not configured.</summary>
    public bool Reachable { get; init; }

    public double? LatencyMs { get; init; }

    /// <summary>What else the API says of it, by name: versions, connections, sizes.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? More { get; set; }
}
