using System.Text.Json.Nodes;
using Millrace.Api.Answers;
using Millrace.Api.Views;

namespace Millrace.Api.OpenApi;

/// <summary>Numbers, health, and the books.</summary>
internal static class WatchOperations
{
    private const string Topic = "Watch";

    internal static IReadOnlyList<ApiOperation> All { get; } =
    [
        new("QueueDepth", "GET", "/api/v1/dashboard/queue-depth", Topic, "A page of queues, their tasks by status, and the sums of all queues.")
        {
            Query = [ListParameters.Limit, ListParameters.Cursor],
            Answers = [new(200, "The page.", ApiJson.Readable.QueueDepthListView)],
            Problems = [ApiProblems.InvalidQuery],
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
        new("HealthRedis", "GET", "/api/v1/health/redis", Topic, "How Redis answers, where there is one.")
        {
            NeedsDatabase = false,
            Answers =
            [
                new(200, "It does, or there is none.", ApiJson.Readable.RedisHealthView),
                new(503, "It does not.", ApiJson.Readable.RedisHealthView),
            ],
        },
        new("HealthStorage", "GET", "/api/v1/health/storage", Topic, "How the storage queues answer.")
        {
            NeedsDatabase = false,
            Answers =
            [
                new(200, "They do.", ApiJson.Readable.StorageHealthView),
                new(503, "They do not.", ApiJson.Readable.StorageHealthView),
            ],
        },
        new("Trends", "GET", "/api/v1/analytics/trends", Topic, "What happened when: counts, rates and run times by bucket.")
        {
            Query =
            [
                new("window", Shape.Text(1).With("examples", new JsonArray("24h")), "How far back: 1m to 31d; 24h when it is not given."),
                new("bucket", Shape.Text(1).With("examples", new JsonArray("5m")), "How long a bucket is: 1m to 1d; up to 1,000 of them."),
                new("type", Shape.Text(1), "Only tasks of this type."),
                new("queue_name", Shape.Text(1), "Only tasks of this queue."),
            ],
            Answers = [new(200, "The buckets, and their sum.", ApiJson.Readable.TrendListView)],
            Problems = [ApiProblems.InvalidQuery],
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
