using Millrace.Api.Views;
using Millrace.Store;
using Millrace.Store.Rows;

namespace Millrace.Inspect;

/// <summary>Turns counted minutes into rates. Pure.</summary>
internal static class DashboardRates
{
    /// <summary>How many minutes the dashboard shows.</summary>
    internal const int Minutes = 60;

    private static readonly string[] Ended = ["succeeded", "cancelled", "expired", "failed"];

    internal static DashboardView From(DashboardCounts counts)
    {
        var minute = counts.Now.AddTicks(-(counts.Now.Ticks % TimeSpan.TicksPerMinute));
        var since = minute.AddMinutes(-1);
        var elapsed = (counts.Now - since).TotalMinutes;
        var recent = counts.Minutes.Where(c => c.Minute >= minute.AddMinutes(-4)).ToList();
        var (succeeded, failed) = (Count(recent, "succeeded"), Count(recent, "retried", "failed"));
        var totals = counts.Totals.GroupBy(static t => t.Event).ToDictionary(static g => g.Key, static g => g.Sum(t => t.Count));
        var speaking = counts.Executors.Where(static e => e.Speaks).ToList();
        var capacity = speaking.Sum(static e => e.Capacity);
        return new DashboardView(
            counts.Now,
            Rate(counts.Minutes.Where(c => c.Minute >= since), "accepted", elapsed),
            Rate(counts.Minutes.Where(c => c.Minute >= since), "succeeded", elapsed),
            succeeded == 0 ? null : Math.Round((double)Milliseconds(recent, "succeeded") / succeeded, 2),
            succeeded + failed == 0 ? 0 : Math.Round((double)failed / (succeeded + failed), 4),
            capacity == 0 ? 0 : Math.Round((double)speaking.Sum(static e => e.CurrentLoad) / capacity, 4),
            speaking.Count,
            Live(totals),
            Dead(totals, counts.Totals),
            totals,
            [.. counts.Minutes.GroupBy(static c => c.Minute).OrderBy(static g => g.Key).Select(OneMinute)],
            Cost(counts));
    }

    private static MinuteView OneMinute(IGrouping<DateTime, MinuteCount> minute)
    {
        List<MinuteCount> counts = [.. minute];
        return new(minute.Key, Count(counts, "accepted"), Count(counts, "succeeded"), Count(counts, "retried", "failed"));
    }

    private static CostView Cost(DashboardCounts counts)
    {
        var tasks = Count([.. counts.Minutes], Ended);
        return new(
            tasks, Amount(CostKind.StorageQueueCalls), Amount(CostKind.FunctionRuns), Amount(CostKind.SqlStatements), Amount(CostKind.WalBytes),
            tasks == 0 ? null : counts.Costs.ToDictionary(static c => c.Key, c => (long)(c.Value * (1_000_000.0 / tasks))));

        long Amount(CostKind kind) => counts.Costs.GetValueOrDefault(kind.Word());
    }

    private static double Rate(IEnumerable<MinuteCount> counts, string what, double minutes) =>
        Math.Round(counts.Where(c => c.Event == what).Sum(static c => c.Count) / minutes, 2);

    private static long Milliseconds(List<MinuteCount> counts, string what) => counts.Where(c => c.Event == what).Sum(static c => c.TotalMs);

    private static long Count(List<MinuteCount> counts, params ReadOnlySpan<string> events)
    {
        long sum = 0;
        foreach (var count in counts)
        {
            sum += events.Contains(count.Event) ? count.Count : 0;
        }

        return sum;
    }

    /// <summary>The ledger's equation, so the front page need not count rows.</summary>
    private static long Live(Dictionary<string, long> totals) =>
        totals.GetValueOrDefault("accepted") + totals.GetValueOrDefault("replayed") + totals.GetValueOrDefault("rerun") - Ended.Sum(totals.GetValueOrDefault);

    private static long Dead(Dictionary<string, long> totals, IReadOnlyList<CounterTotal> all) =>
        totals.GetValueOrDefault("failed") - totals.GetValueOrDefault("replayed") - totals.GetValueOrDefault("deleted")
        - all.Where(static t => t is { Event: "dropped", Label: "failed" }).Sum(static t => t.Count);
}
