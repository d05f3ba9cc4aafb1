using Millrace.Store.Rows;

namespace Millrace.Inspect;

/// <summary>
/// How many values a label of /metrics may have: names of queues, types and errors come from callers and handlers, and each makes series that Prometheus
/// keeps. What has no place of its own is added up as <see cref="Other"/>, so sums stay right. Pure.
/// </summary>
internal static class MetricLabels
{
    /// <summary>Everything that has no place of its own.</summary>
    internal const string Other = "other";

    internal const int MostQueues = 100;
    internal const int MostTypes = 100;
    internal const int MostWorkers = 100;

    /// <summary>Of a type. The books keep no more, either.</summary>
    internal const int MostErrors = 50;

    /// <summary>The totals with bounded types and errors. What the books have goes first, so a name that is told goes on being told.</summary>
    internal static IReadOnlyList<CounterTotal> Bounded(IReadOnlyList<CounterTotal> totals)
    {
        var types = Named(totals, static total => total.Type, MostTypes);
        var errors = totals.Where(IsFailure).GroupBy(static total => total.Type)
            .ToDictionary(static type => type.Key, static type => Named([.. type], static total => total.Label, MostErrors));
        return
        [
            .. totals.Select(total => total with
            {
                Type = types.Contains(total.Type) ? total.Type : Other,
                Label = !IsFailure(total) || errors[total.Type].Contains(total.Label) ? total.Label : Other,
            }),
        ];
    }

    /// <summary>The queues that hold most, and the others as one.</summary>
    internal static IReadOnlyList<QueueDepth> Bounded(IReadOnlyList<QueueDepth> depths)
    {
        if (depths.Count <= MostQueues)
        {
            return depths;
        }

        var bySize = depths.OrderByDescending(static depth => depth.Tasks).ThenBy(static depth => depth.QueueName, StringComparer.Ordinal).ToList();
        var (own, rest) = (bySize[..MostQueues], bySize[MostQueues..]);
        rest.AddRange(own.Where(static depth => depth.QueueName == Other));
        own.RemoveAll(static depth => depth.QueueName == Other);
        return [.. own.OrderBy(static depth => depth.QueueName, StringComparer.Ordinal), rest.Aggregate(QueueDepth.None(Other), static (sum, depth) => sum.With(depth))];
    }

    private static bool IsFailure(CounterTotal total) => total.Event is "retried" or "failed";

    private static HashSet<string> Named(IReadOnlyList<CounterTotal> totals, Func<CounterTotal, string> name, int most) =>
    [
        .. totals.GroupBy(name, StringComparer.Ordinal)
            .OrderByDescending(static group => group.Any(static total => total.IsFolded)).ThenBy(static group => group.Key, StringComparer.Ordinal)
            .Take(most).Select(static group => group.Key),
    ];
}
