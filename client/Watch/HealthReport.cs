using System.Text.Json.Serialization;

namespace Millrace.Client;

/// <summary>healthy, degraded or unhealthy, with every reason as a stable word and as a sentence.</summary>
public sealed record HealthReport
{
    public string Status { get; init => field = value ?? string.Empty; } = string.Empty;

    public IReadOnlyList<string> Reasons { get; init => field = value ?? []; } = [];

    public IReadOnlyList<string> Details { get; init => field = value ?? []; } = [];

    [JsonIgnore]
    public bool IsHealthy => Status == "healthy";
}
