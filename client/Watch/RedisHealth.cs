namespace Millrace.Client;

/// <summary>Whether Redis answers the app. It is an accelerator: without it the pipeline works by polling.</summary>
public sealed record RedisHealth
{
    public string Status { get; init => field = value ?? string.Empty; } = string.Empty;

    public bool Configured { get; init; }

    /// <summary>Null when it is not configured.</summary>
    public bool? Reachable { get; init; }

    public double? LatencyMs { get; init; }
}
