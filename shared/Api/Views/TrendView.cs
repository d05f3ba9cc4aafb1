namespace Millrace.Api.Views;

/// <summary>
/// What happened from <c>at</c> on. The error rate is that of attempts; run times are those of tasks that succeeded, the percentiles near
/// enough: they are told from a histogram. Left out where nothing succeeded.
/// </summary>
internal sealed record TrendView(DateTime At, long Accepted, long Succeeded, long Failed, long Retried, long Cancelled, long Expired, double ErrorRate)
{
    public double? MeanRunMs { get; init; }

    public double? P50RunMs { get; init; }

    public double? P95RunMs { get; init; }
}
