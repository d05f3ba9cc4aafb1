using System.Text.Json.Serialization;

namespace Millrace.Client;

/// <summary>healthy, degraded or unhealthy, with every reason as a stable word and as a sentence.</summary>
public sealed record HealthReport
{
    public string Status { get; init; } = string.Empty;

    public IReadOnlyList<string> Reasons { get; init; } = [];

    public IReadOnlyList<string> Details { get; init; } = [];

    [JsonIgnore]
    public bool IsHealthy => Status == "healthy";
}
