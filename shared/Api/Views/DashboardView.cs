namespace Millrace.Api.Views;

/// <summary>The pipeline in numbers. Rates are of the last one to two minutes, means and error rate of the last five.</summary>
/// <param name="At">The database's time.</param>
/// <param name="SubmissionsPerMinute">Tasks accepted.</param>
/// <param name="CompletionsPerMinute">Tasks that succeeded.</param>
/// <param name="AvgDurationMs">Mean run time of those that succeeded; null when none did.</param>
/// <param name="ErrorRate">Share of ended attempts that failed, 0 to 1.</param>
/// <param name="Utilization">Share of the executors' capacity in use, 0 to 1.</param>
/// <param name="ActiveWorkers">Executors that speak.</param>
/// <param name="Live">Tasks that are not finished and not dead.</param>
/// <param name="DeadLetters">Tasks that wait for somebody to look.</param>
/// <param name="Totals">How often each event has happened since the beginning.</param>
/// <param name="Minutes">The last hour, minute by minute.</param>
/// <param name="Cost">What the last hour cost.</param>
internal sealed record DashboardView(
    DateTime At, double SubmissionsPerMinute, double CompletionsPerMinute, double? AvgDurationMs, double ErrorRate, double Utilization,
    int ActiveWorkers, long Live, long DeadLetters, IReadOnlyDictionary<string, long> Totals, IReadOnlyList<MinuteView> Minutes,
    CostView Cost)
{
    /// <summary>Live counts of the running minute, by Redis; null while there is none.</summary>
    public IReadOnlyDictionary<string, long>? ThisMinute { get; init; }
}
