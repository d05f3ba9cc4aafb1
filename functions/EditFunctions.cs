using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Millrace.Manage;

namespace Millrace.Functions;

/// <summary>Changes tasks that wait.</summary>
public sealed class EditFunctions(TaskEditor editor)
{
    /// <summary><c>PATCH /api/v1/tasks/{id}</c></summary>
    [Function("EditTask")]
    public Task<IResult> EditTask(
        [HttpTrigger(AuthorizationLevel.Function, "patch", Route = "api/v1/tasks/{id}")] HttpRequest request,
        string id, CancellationToken cancellation) =>
        editor.EditAsync(id, request, cancellation);

    /// <summary><c>POST /api/v1/tasks/{id}/reschedule</c></summary>
    [Function("RescheduleTask")]
    public Task<IResult> RescheduleTask(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/v1/tasks/{id}/reschedule")] HttpRequest request,
        string id, CancellationToken cancellation) =>
        editor.RescheduleAsync(id, request, cancellation);

    /// <summary><c>POST /api/v1/tasks/{id}/boost-priority</c></summary>
    [Function("BoostTask")]
    public Task<IResult> BoostTask(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/v1/tasks/{id}/boost-priority")] HttpRequest request,
        string id, CancellationToken cancellation) =>
        editor.BoostAsync(id, request, cancellation);
}
