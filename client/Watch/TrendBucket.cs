namespace Millrace.Client;

/// <summary>
/// What happened from <see cref="At"/> on. The error rate is that of attempts; run times are those of tasks that succeeded, null where none did.
/// </summary>
public sealed record TrendBucket
{
    public DateTimeOffset At { get; init; }

    public long Accepted { get; init; }

    public long Succeeded { get; init; }

    public long Failed { get; init; }

    public long Retried { get; init; }

    public long Cancelled { get; init; }

    public long Expired { get; init; }

    /// <summary>0 to 1.</summary>
    public double ErrorRate { get; init; }

    public double? MeanRunMs { get; init; }

    public double? P50RunMs { get; init; }

    public double? P95RunMs { get; init; }
}
