namespace Millrace.Client;

/// <summary>A queue, and how long its oldest due task has waited for a start.</summary>
public sealed record WaitingQueue
{
    public string QueueName { get; init => field = value ?? string.Empty; } = string.Empty;

    public double WaitingSeconds { get; init; }
}
