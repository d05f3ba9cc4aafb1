using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Millrace.Store;

namespace Millrace.Telemetry;

/// <summary>The spans of a task's way. They cost nothing while nobody listens.</summary>
internal static class PipelineActivity
{
    /// <summary>The name to listen to.</summary>
    internal const string SourceName = "Millrace";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>
    /// The trace that a submission belongs to, as a <c>traceparent</c>: the running span's, else the request's own header, else none.
    /// </summary>
    internal static string? TraceParent(HttpRequest request) =>
        Activity.Current?.Id ?? (ActivityContext.TryParse(request.Headers.TraceParent, null, out _) ? (string?)request.Headers.TraceParent : null);

    /// <summary>One attempt, as a child of the request that submitted the task.</summary>
    internal static Activity? Execute(TaskRecord task)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        var activity = Source.StartActivity($"execute {task.Type}", ActivityKind.Consumer, task.TraceParent);
        activity?.SetTag("millrace.task_id", task.Id.ToString());
        activity?.SetTag("millrace.queue_name", task.QueueName);
        activity?.SetTag("millrace.attempt", task.Claim.Attempts + 1);
        return activity;
    }
}
