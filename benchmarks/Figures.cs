namespace Millrace.Benchmarks;

/// <summary>What our figures are called in reports; <see cref="BarTable"/> looks them up.</summary>
internal static class Figures
{
    internal const string Bulk = "bulk add over HTTP";
    internal const string Drain = "drain";
    internal const string Single = "single POST, 32 connections";
    internal const string SingleP99 = Single + ", p99";
    internal const string Hot = "POST to start at 200/s, hot";
    internal const string Cold = "POST to start, cold";
    internal const string P50 = ", p50";
    internal const string P99 = ", p99";
    internal const string WithHistory = " with history";
    internal const string WithoutHistory = " without history";
    internal const string Pinned = " under an old snapshot";
    internal const string Unpinned = " without an old snapshot";
    internal const string Mixed = "drain of mixed tasks";
    internal const string Million = " of a million";
    internal const string Memory = "memory of the host, at most";
    internal const string CostOf = "cost of a million: ";
    internal const string IdleCpu = "idle: share of one core";
    internal const string IdleStatements = "idle: statements";
    internal const string IdleRuns = "idle with Azure's schedules: runs of functions";
    internal const string FirstAnswer = "start to the first answer";
    internal const string FirstTask = "`dotnet run` to the first finished task";
    internal const string Alone = " by 1 host";
    internal const string Scaled = " by 4 hosts";
    internal const string Pooled = " by 4 hosts through PgBouncer";
}
