namespace Millrace.Api.Views;

/// <summary>healthy, degraded or unhealthy, with every reason as a stable word and as a sentence.</summary>
internal sealed record HealthView(string Status, IReadOnlyList<string> Reasons, IReadOnlyList<string> Details)
{
    /// <summary>The queues in which due tasks wait and nothing is started, the longest waiting first, five at most; left out when there is none.</summary>
    public IReadOnlyList<WaitingQueueView>? Queues { get; init; }
}
