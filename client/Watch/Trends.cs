namespace Millrace.Client;

/// <summary>How it went over a stretch of time, piece by piece.</summary>
public sealed record Trends
{
    public IReadOnlyList<TrendBucket> Buckets { get; init => field = value ?? []; } = [];
}
