using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Client;

/// <summary>A queue and its limits.</summary>
public sealed record QueueInfo
{
    public string QueueName { get; init => field = value ?? string.Empty; } = string.Empty;

    /// <summary>Nothing of it is started.</summary>
    public bool Paused { get; init; }

    /// <summary>A submission beyond this many waiting tasks is refused; null for no limit.</summary>
    public int? MaxDepth { get; init; }

    /// <summary>What else the API says of it, by name.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? More { get; set; }
}
