using System.Globalization;
using Millrace.Api.Views;
using Millrace.Store;
using Millrace.Store.Rows;

namespace Millrace.Inspect;

/// <summary>Turns counts into buckets, rates and percentiles. Pure.</summary>
internal static class TrendRules
{
    internal static TrendListView From(TrendWindow window, DateTime start, IReadOnlyList<TrendCount> counts)
    {
        var length = TimeSpan.FromMinutes(window.Minutes);
        var byBucket = counts.ToLookup(static count => count.Bucket);
        List<TrendView> buckets = [.. Enumerable.Range(0, window.Buckets).Select(n => One(start + (n * length), [.. byBucket[n]]))];
        var whole = window.Buckets * length;
        return new(start, start + whole, whole.TotalSeconds, length.TotalSeconds, buckets, One(start, counts))
        {
            Type = window.Type,
            QueueName = window.QueueName,
        };
    }

    /// <summary>
    /// The run time that the given part of the runs did not go beyond, read between the bounds of the histogram's bucket that it lies in;
    /// beyond the last bound that bound. Null when nothing ran.
    /// </summary>
    internal static double? Percentile(IReadOnlyDictionary<string, long> runs, double part)
    {
        var rank = runs.Values.Sum() * part;
        double below = 0, lower = 0;
        foreach (var bound in DurationBuckets.UpperBoundsMs)
        {
            var inside = runs.GetValueOrDefault(bound);
            var upper = bound == "inf" ? lower : int.Parse(bound, CultureInfo.InvariantCulture);
            if (inside > 0 && below + inside >= rank)
            {
                return Math.Round(lower + ((upper - lower) * (rank - below) / inside), 2);
            }

            (below, lower) = (below + inside, upper);
        }

        return null;
    }

    private static TrendView One(DateTime at, IReadOnlyList<TrendCount> counts)
    {
        long Count(string what) => counts.Where(c => c.Event == what).Sum(static c => c.Count);
        var (succeeded, failed, retried) = (Count("succeeded"), Count("failed"), Count("retried"));
        var runs = counts.Where(static c => c.Event == "succeeded").GroupBy(static c => c.Label)
            .ToDictionary(static g => g.Key, static g => g.Sum(c => c.Count), StringComparer.Ordinal);
        var ended = succeeded + failed + retried;
        return new(
            at, Count("accepted"), succeeded, failed, retried, Count("cancelled"), Count("expired"),
            ended == 0 ? 0 : Math.Round((double)(failed + retried) / ended, 4))
        {
            MeanRunMs = succeeded == 0
                ? null
                : Math.Round((double)counts.Where(static c => c.Event == "succeeded").Sum(static c => c.TotalMs) / succeeded, 2),
            P50RunMs = Percentile(runs, 0.5),
            P95RunMs = Percentile(runs, 0.95),
        };
    }
}
