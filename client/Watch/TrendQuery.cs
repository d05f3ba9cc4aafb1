namespace Millrace.Client;

/// <summary>Which stretch of time, cut how, and of which tasks. What is null is left to the API.</summary>
public sealed record TrendQuery
{
    /// <summary>How far back.</summary>
    public TimeSpan? Window { get; init; }

    /// <summary>The length of one piece.</summary>
    public TimeSpan? Bucket { get; init; }

    public string? Type { get; init; }

    public string? QueueName { get; init; }
}
