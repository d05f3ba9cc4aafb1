namespace Millrace.Api.Views;

/// <summary>healthy, degraded or unhealthy, with every reason as a stable word and as a sentence.</summary>
internal sealed record HealthView(string Status, IReadOnlyList<string> Reasons, IReadOnlyList<string> Details);
