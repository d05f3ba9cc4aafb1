using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Millrace.Lifecycle;
using Millrace.Store.Rows;

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

    /// <summary>One ticket, as a child of the pass that sent it.</summary>
    internal static Activity? Ticket(TicketId ticket, string queueName, string? traceParent)
    {
        var activity = Source.HasListeners() ? Source.StartActivity("ticket", ActivityKind.Consumer, traceParent) : null;
        activity?.SetTag("millrace.ticket_id", ticket.Value);
        activity?.SetTag("millrace.queue_name", queueName);
        return activity;
    }

    /// <summary>One attempt, as a child of the request that submitted the task, with a link to the ticket that it runs in.</summary>
    internal static Activity? Execute(TaskRecord task)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        ActivityLink[] links = Activity.Current is { } ticket ? [new ActivityLink(ticket.Context)] : [];
        ActivityContext.TryParse(task.TraceParent, null, out var submission);
        var activity = Source.StartActivity(ActivityKind.Consumer, submission, links: links, name: $"execute {task.Type}");
        activity?.SetTag("millrace.task_id", task.Id.ToString());
        activity?.SetTag("millrace.queue_name", task.QueueName);
        activity?.SetTag("millrace.attempt", task.Claim.Attempts + 1);
        return activity;
    }
}
