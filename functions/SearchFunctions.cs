using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Millrace.Inspect;

namespace Millrace.Functions;

/// <summary>Finds tasks.</summary>
public sealed class SearchFunctions(TaskInspector tasks)
{
    /// <summary><c>GET /api/v1/search/tasks</c></summary>
    [Function("SearchTasks")]
    public Task<IResult> SearchTasks(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/v1/search/tasks")] HttpRequest request,
        CancellationToken cancellation) =>
        tasks.ListAsync(request, cancellation);

    /// <summary><c>GET /api/v1/search/presets/{name}</c></summary>
    [Function("SearchPreset")]
    public Task<IResult> SearchPreset(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/v1/search/presets/{name}")] HttpRequest request,
        string name, CancellationToken cancellation) =>
        tasks.PresetAsync(name, request, cancellation);
}
