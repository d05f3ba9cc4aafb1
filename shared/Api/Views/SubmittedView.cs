using Millrace.Store.Rows;

namespace Millrace.Api.Views;

/// <summary>A task that has just been accepted.</summary>
internal sealed record SubmittedView(
    Guid Id, string Type, string QueueName, string Status, short Priority, DateTimeOffset CreatedAt, DateTimeOffset DueAt,
    DateTimeOffset? ExpiresAt, short MaxRetries, int TimeoutSeconds, IReadOnlyList<string>? Tags, string? ExternalId, int? ResultTtlSeconds)
{
    internal static SubmittedView From(NewTask task, DateTimeOffset accepted)
    {
        var due = task.ScheduledAt ?? accepted.AddSeconds(task.DelaySeconds);
        return new SubmittedView(
            task.Id.Value, task.Type, task.QueueName, due > accepted ? "scheduled" : "pending", task.Priority, accepted,
            due.ToUniversalTime(), task.ExpiresAt?.ToUniversalTime(), task.Retries.MaxRetries, task.TimeoutSeconds, task.Tags,
            task.ExternalId, task.ResultTtlSeconds);
    }
}
