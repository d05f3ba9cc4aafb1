namespace Millrace.Api.OpenApi;

/// <summary>Numbers, health, and the books.</summary>
internal static class WatchOperations
{
    private const string Topic = "Watch";

    internal static IReadOnlyList<ApiOperation> All { get; } =
    [
        new("QueueDepth", "GET", "/api/v1/dashboard/queue-depth", Topic, "Every queue, its tasks by status.")
        {
            Answers = [new(200, "The queues.", ApiJson.Readable.QueueDepthListView)],
        },
        new("DashboardStats", "GET", "/api/v1/dashboard/stats", Topic, "The pipeline in numbers.")
        {
            Answers = [new(200, "The numbers.", ApiJson.Readable.DashboardView)],
        },
        new("Health", "GET", "/health", Topic, "The process answers.")
        {
            Access = ApiAccess.Anonymous,
            IsLimited = false,
            NeedsDatabase = false,
            Answers = [new(200, "It does.", ApiJson.Readable.LiveView)],
        },
        new("HealthQueue", "GET", "/health/queue", Topic, "Whether the pipeline works, and why not.")
        {
            NeedsDatabase = false,
            Answers =
            [
                new(200, "Healthy or degraded.", ApiJson.Readable.HealthView),
                new(503, "Unhealthy.", ApiJson.Readable.HealthView),
            ],
        },
        new("HealthDatabase", "GET", "/api/v1/health/database", Topic, "How PostgreSQL answers.")
        {
            NeedsDatabase = false,
            Answers =
            [
                new(200, "It does.", ApiJson.Readable.DatabaseHealthView),
                new(503, "It does not.", ApiJson.Readable.DatabaseHealthView),
            ],
        },
        new("Metrics", "GET", "/metrics", Topic, "Every metric, for Prometheus.")
        {
            Answers = [new(200, "Text in Prometheus's format 0.0.4.", null, "text/plain")],
        },
        new("Verify", "GET", "/api/v1/verify", Topic, "The ledger: counters against rows, and who does not fit.")
        {
            Answers = [new(200, "The ledger.", ApiJson.Readable.LedgerView)],
        },
    ];
}
