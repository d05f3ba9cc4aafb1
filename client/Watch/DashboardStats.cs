namespace Millrace.Client;

/// <summary>The pipeline in numbers. Rates are of the last one to two minutes, means and error rate of the last five.</summary>
public sealed record DashboardStats
{
    /// <summary>The database's time.</summary>
    public DateTimeOffset At { get; init; }

    public double SubmissionsPerMinute { get; init; }

    public double CompletionsPerMinute { get; init; }

    /// <summary>Of tasks that succeeded; null when none did.</summary>
    public double? AvgDurationMs { get; init; }

    /// <summary>The share of ended attempts that failed, 0 to 1.</summary>
    public double ErrorRate { get; init; }

    /// <summary>The share of the executors' capacity in use, 0 to 1.</summary>
    public double Utilization { get; init; }

    public int ActiveWorkers { get; init; }

    /// <summary>Tasks that are not finished and not dead.</summary>
    public long Live { get; init; }

    public long DeadLetters { get; init; }

    /// <summary>How often each event has happened since the beginning.</summary>
    public IReadOnlyDictionary<string, long> Totals { get; init => field = value ?? new Dictionary<string, long>(); } = new Dictionary<string, long>();

    /// <summary>The last hour.</summary>
    public IReadOnlyList<MinuteStats> Minutes { get; init => field = value ?? []; } = [];

    /// <summary>What the last hour cost.</summary>
    public CostStats Cost { get; init => field = value ?? new(); } = new();

    /// <summary>Of the running minute; null when the app has no Redis.</summary>
    public IReadOnlyDictionary<string, long>? ThisMinute { get; init; }
}
