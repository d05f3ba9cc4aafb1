using Millrace.Inspect;

namespace Millrace.Tests.Inspect;

public sealed class TrendRulesTests
{
    private static readonly DateTime Start = new(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Quiet_buckets_are_there_and_the_totals_add_up()
    {
        var view = TrendRules.From(
            new(3, 5, "t", null),
            Start,
            [
                new(0, "accepted", "", 7, 0), new(2, "accepted", "", 1, 0), new(0, "succeeded", "10", 3, 24), new(2, "succeeded", "100", 1, 76),
                new(2, "retried", "", 1, 5), new(2, "failed", "", 1, 5), new(2, "cancelled", "", 2, 0), new(1, "expired", "", 4, 0),
            ]);

        Assert.Equal([Start, Start.AddMinutes(5), Start.AddMinutes(10)], view.Buckets.Select(static b => b.At));
        Assert.Equal((Start, Start.AddMinutes(15), 300.0), (view.From, view.To, view.BucketSeconds));
        Assert.Equal((0L, 4L, 0.0), (view.Buckets[1].Accepted, view.Buckets[1].Expired, view.Buckets[1].ErrorRate));
        Assert.Null(view.Buckets[1].MeanRunMs ?? view.Buckets[1].P50RunMs ?? view.Buckets[1].P95RunMs);
        Assert.Equal((8.0, 0.6667), (view.Buckets[0].MeanRunMs, view.Buckets[2].ErrorRate));
        Assert.Equal((8L, 4L, 1L, 1L, 2L, 4L), (view.Totals.Accepted, view.Totals.Succeeded, view.Totals.Failed, view.Totals.Retried, view.Totals.Cancelled, view.Totals.Expired));
        Assert.Equal(25, view.Totals.MeanRunMs);
    }

    [Fact]
    public void A_percentile_lies_within_its_bucket_of_the_histogram()
    {
        var runs = new Dictionary<string, long> { ["10"] = 90, ["1000"] = 9, ["inf"] = 1 };

        Assert.Equal(7.78, TrendRules.Percentile(runs, 0.5));
        Assert.InRange(TrendRules.Percentile(runs, 0.95)!.Value, 500, 1_000);
        Assert.Equal(300_000, TrendRules.Percentile(runs, 1));
        Assert.Null(TrendRules.Percentile(new Dictionary<string, long>(), 0.5));
    }
}
