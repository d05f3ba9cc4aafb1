using System.Text.Json.Serialization;

namespace Millrace.Client;

/// <summary>healthy, degraded or unhealthy, with every reason as a stable word and as a sentence.</summary>
public sealed record HealthReport
{
    public string Status { get; init => field = value ?? string.Empty; } = string.Empty;

    public IReadOnlyList<string> Reasons { get; init => field = value ?? []; } = [];

    public IReadOnlyList<string> Details { get; init => field = value ?? []; } = [];

    /// <summary>The queues in which due tasks wait and nothing is started, the longest waiting first, five at most.</summary>
    public IReadOnlyList<WaitingQueue> Queues { get; init => field = value ?? []; } = [];

    [JsonIgnore]
    public bool IsHealthy => Status == "healthy";
}
