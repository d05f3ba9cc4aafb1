using Spectre.Console;

namespace Millrace.Benchmarks;

/// <summary>The figures of a run against what they have to reach.</summary>
internal static class BarTable
{
    private const string PeersBulk = "bulk_enqueue_per_s";
    private const string PeersDrain = "drain_per_s";
    private const string PeersSingle = "single_enqueue_per_s";

    internal static void Print(BenchReport report)
    {
        var table = new Table().Border(TableBorder.Markdown).AddColumns("bar", "what", "figure", "wanted", "holds");
        foreach (var (bar, what, figure, wanted, atLeast) in Rows(report))
        {
            if (figure is { } value)
            {
                table.AddRow(bar, what, BenchReport.Show(value), (atLeast ? "≥ " : "≤ ") + BenchReport.Show(wanted), (atLeast ? value >= wanted : value <= wanted) ? "yes" : "NO");
            }
        }

        AnsiConsole.Write(table);
    }

    private static IEnumerable<(string Bar, string What, double? Figure, double Wanted, bool AtLeast)> Rows(BenchReport report) =>
    [
        ("P1", "bulk add / the best peer's", Own(report, Figures.Bulk) / report.BestPeer(PeersBulk), 2, true),
        ("P2", "drain / the best peer's", Own(report, Figures.Drain) / report.BestPeer(PeersDrain), 2, true),
        ("P2", "drain / the limit", Own(report, Figures.Drain) / report.Find("limit", PeersDrain), 0.75, true),
        ("P2", "drain of a million / the limit", Own(report, Figures.Drain + Figures.Million) / report.Find("limit", PeersDrain), 0.75, true),
        ("P3", "single POST / Hangfire's add", Own(report, Figures.Single) / report.Find("hangfire", PeersSingle), 50, true),
        ("P3", "single POST / an endpoint that stores nothing", Own(report, Figures.Single) / report.Find(Load.BareEndpoint.Name, Figures.Single), 0.4, true),
        ("P3", "single POST, p99, ms", Own(report, Figures.SingleP99), 25, false),
        ("P4", "POST to start, hot, p50, ms", Own(report, Figures.Hot + Figures.P50), 3, false),
        ("P4", "POST to start, hot, p99, ms", Own(report, Figures.Hot + Figures.P99), 10, false),
        ("P4c", "POST to start, cold, p50, ms", Own(report, Figures.Cold + Figures.P50), 150, false),
        ("P4c", "POST to start, cold, p99, ms", Own(report, Figures.Cold + Figures.P99), 500, false),
        ("P5", "bulk add with history / without", Ratio(report, Figures.Bulk + Figures.WithHistory, Figures.Bulk + Figures.WithoutHistory), 0.9, true),
        ("P5", "drain with history / without", Ratio(report, Figures.Drain + Figures.WithHistory, Figures.Drain + Figures.WithoutHistory), 0.9, true),
        ("P6", "drain under an old snapshot / without", Ratio(report, Figures.Drain + Figures.Pinned, Figures.Drain + Figures.Unpinned), 0.9, true),
        ("P7", "drain of mixed tasks / of no-op tasks", Ratio(report, Figures.Mixed, Figures.Drain + " beside mixed tasks"), 0.5, true),
        ("P8", "storage-queue calls of a million", Own(report, Figures.CostOf + "storage_queue_calls"), 30_000, false),
        ("P8", "function runs of a million", Own(report, Figures.CostOf + "function_runs"), 10_000, false),
        ("P8", "SQL statements of a million", Own(report, Figures.CostOf + "sql_statements"), 40_000, false),
        ("P8", "WAL of a task, bytes", Own(report, Figures.CostOf + "wal_bytes") / 1_000_000, 2_048, false),
        ("P9", "idle, share of one core, %", Own(report, Figures.IdleCpu), 2, false),
        ("P9", "idle with Azure's schedules, function runs a day", Own(report, Figures.IdleRuns), 6_000, false),
        ("P9", "memory of the host during a drain of a million, MB", Own(report, Figures.Memory), 250, false),
        ("P10", "start to the first answer, s", Own(report, Figures.FirstAnswer), 2, false),
        ("P10", "`dotnet run` to the first finished task, s", Own(report, Figures.FirstTask), 12, false),
        ("P12", "drain by 4 hosts / the best peer's", Own(report, Figures.Drain + Figures.Scaled) / report.BestPeer(PeersDrain), 2, true),
        ("P12", "drain by 4 hosts / the limit", Own(report, Figures.Drain + Figures.Scaled) / report.Find("limit", PeersDrain), 0.75, true),
        ("P13", "drain over 100 queues / of one", Ratio(report, Bars.ManyQueues.Drain(100), Bars.ManyQueues.Drain(1)), 0.6, true),
        ("P13", "drain over 1,000 queues / of one", Ratio(report, Bars.ManyQueues.Drain(1_000), Bars.ManyQueues.Drain(1)), 0.3, true),
        .. Bars.WorstCaller.Abuses.Select(abuse => (
            "R7", "p99 beside " + abuse + " / before", Ratio(report, Bars.WorstCaller.Beside(abuse), Bars.WorstCaller.Beside(Bars.WorstCaller.Nobody)), 3d, false)),
        ("P12", "drain by 4 hosts / by 1", Ratio(report, Figures.Drain + Figures.Scaled, Figures.Drain + Figures.Alone), 1, true),
    ];

    private static double? Own(BenchReport report, string what) => report.Find("millrace", what);

    private static double? Ratio(BenchReport report, string what, string without) => report.Find("millrace", what) / report.Find("millrace", without);
}
