namespace Millrace.Api;

/// <summary>A task that has just been accepted.</summary>
internal sealed record SubmittedView(
    Guid Id, string Type, string QueueName, string Status, short Priority, DateTimeOffset CreatedAt, DateTimeOffset DueAt,
    DateTimeOffset? ExpiresAt, short MaxRetries, int TimeoutSeconds, IReadOnlyList<string>? Tags);
