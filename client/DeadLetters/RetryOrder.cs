namespace Millrace.Client;

/// <summary>What a dead letter is retried with. What is null stays as it was.</summary>
public sealed record RetryOrder
{
    public string? QueueName { get; init; }

    public int? Priority { get; init; }
}
