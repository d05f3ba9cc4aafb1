namespace Millrace.Api.Views;

/// <summary>Whether Redis answers this process. It is an accelerator: without it the pipeline works by polling.</summary>
internal sealed record RedisHealthView(string Status, bool Configured)
{
    /// <summary>Left out when Redis is not configured.</summary>
    public bool? Reachable { get; init; }

    public double? LatencyMs { get; init; }
}
