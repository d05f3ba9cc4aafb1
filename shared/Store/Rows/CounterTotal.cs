namespace Millrace.Store.Rows;

/// <summary>How often something has happened since the beginning.</summary>
/// <param name="QueueName">The task's queue.</param>
/// <param name="Type">The task's type.</param>
/// <param name="Event">What happened: accepted, succeeded, retried, …</param>
/// <param name="Label">Priority for accepted, error type for failures, upper bound in ms for durations.</param>
/// <param name="Count">How often.</param>
/// <param name="TotalMs">How long all of them ran.</param>
internal readonly record struct CounterTotal(string QueueName, string Type, string Event, string Label, long Count, long TotalMs)
{
    /// <summary>Whether any of it is in the books already.</summary>
    public bool IsFolded { get; init; }
}
