using Millrace.Api.Answers;
using Millrace.Api.Views;

namespace Millrace.Api.OpenApi;

/// <summary>The executors, which the API calls workers.</summary>
internal static class WorkerOperations
{
    private const string Topic = "Workers";

    internal static IReadOnlyList<ApiOperation> All { get; } =
    [
        new("WorkersStatus", "GET", "/api/v1/workers/status/all", Topic, "Workers that report, and those that were lost lately.")
        {
            Alias = ("WorkersAlias", "/workers"),
            Answers = [new(200, "The workers.", ApiJson.Readable.WorkerListView)],
        },
        new("WorkerStatus", "GET", "/api/v1/workers/{id}/status", Topic, "One worker.")
        {
            Alias = ("WorkerHealth", "/api/v1/resilience/health/{id}"),
            Answers = [new(200, "The worker.", ApiJson.Readable.WorkerView)],
            Problems = [ApiProblems.WorkerNotFound],
        },
    ];
}
