namespace Millrace.Tests.Api.Founding;

/// <summary>Every <c>curl</c> line of the founding documents, to the letter but for the indent.</summary>
internal static class FoundingCommands
{
    internal static IReadOnlyList<FoundingCommand> All { get; } =
    [
        new("000:30", "curl http://localhost:8000/api/v1/dashboard/queue-depth"),
        new("000:33", "curl http://localhost:8000/api/v1/dashboard/stats"),
        new("000:37", "curl http://localhost:8000/api/v1/workers/status/all"),
        new("000:41", "curl \"http://localhost:8000/api/v1/search/presets/stuck_tasks\""),
        new("000:62", "curl \"http://localhost:8000/api/v1/tasks?status=FAILED&limit=100\""),
        new("000:67", """
            curl -X POST http://localhost:8000/api/v1/search/tasks/bulk-action \
              -H "Content-Type: application/json" \
              -d '{
                "action": "cancel",
                "filters": {"priority": 1}
              }'
            """),
        new("000:89", "curl http://localhost:8000/api/v1/analytics/trends"),
        new("000:92", "curl \"http://localhost:8000/api/v1/search/tasks?status=FAILED&limit=20\""),
        new("000:95", "curl http://localhost:8000/api/v1/tasks/{task_id}"),
        new("000:99", "curl \"http://localhost:8000/api/v1/search/tasks?task_name=process_payment&status=FAILED\""),
        new("000:113", "curl -X POST http://localhost:8000/api/v1/tasks/{task_id}/replay"),
        new("000:119", "curl -i https://external-api.example.com/health") { Elsewhere = "the outside service that a task calls" },
        new("000:155", "curl http://localhost:8000/api/v1/workers/{worker_id}/status"),
        new("000:162", "curl http://localhost:8000/api/v1/resilience/health/worker-{id}"),
        new("000:165", "curl \"http://localhost:8000/api/v1/tasks?status=PENDING&limit=5\""),
        new("000:175", "curl http://localhost:8000/api/v1/workers/{worker_id}/status"),
        new("000:178", "curl -X POST http://localhost:8000/api/v1/tasks/{task_id}/cancel"),
        new("000:212", "curl http://localhost:8000/api/v1/health/database"),
        new("000:673", "curl -X POST http://localhost:8000/api/v1/tasks/{id}/boost-priority"),
        new("001:432", "curl http://localhost:6061/debug/pprof/heap > heap.prof") { Elsewhere = "the profiler of a Go process" },
        new("004:37", "curl http://localhost:8000/dlq/failed-tasks"),
        new("004:40", "curl -X POST http://localhost:8000/dlq/failed-tasks/{TASK_ID}/retry"),
        new("004:159", """
            curl -X POST http://localhost:8000/tasks \
              -H "Content-Type: application/json" \
              -d '{
                "type": "calculate",
                "data": 999,
                "priority": "high"
              }'
            """),
        new("004:168", "curl http://localhost:8000/tasks/{TASK_ID}"),
        new("004:177", "curl http://localhost:8000/metrics | grep task_"),
        new("004:186", """
            curl -X POST http://localhost:8000/tasks \
              -H "Content-Type: application/json" \
              -d '{"type": "process", "data": "test"}'
            """),
        new("004:197", "curl http://localhost:8000/dlq/failed-tasks"),
        new("004:200", "curl -X POST http://localhost:8000/dlq/failed-tasks/{TASK_ID}/retry"),
        new("004:203", "curl -X DELETE http://localhost:8000/dlq/failed-tasks/{TASK_ID}"),
        new("004:297", "curl http://localhost:9090/api/v1/targets") { Elsewhere = "Prometheus" },
        new("004:300", "curl http://localhost:8000/metrics"),
    ];
}
