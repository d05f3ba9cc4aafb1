namespace Millrace.Store.Rows;

/// <summary>What the dashboard's front page is computed from.</summary>
internal sealed record DashboardCounts(
    DateTime Now, IReadOnlyList<MinuteCount> Minutes, IReadOnlyList<CounterTotal> Totals, IReadOnlyList<ExecutorRow> Executors,
    IReadOnlyDictionary<string, long> Costs);
