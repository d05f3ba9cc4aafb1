namespace Millrace.Tests.Chaos.Facts;

/// <summary>A task that was accepted, as its sender remembers it. Times are monotonic nanoseconds.</summary>
/// <param name="Id">From the answer.</param>
/// <param name="Queue">Where it waits.</param>
/// <param name="Type">Its handler.</param>
/// <param name="MaxRetries">As submitted.</param>
/// <param name="SentAt">Before the request.</param>
/// <param name="AcceptedAt">After the answer.</param>
/// <param name="DueAt">When it may begin.</param>
internal sealed record SentTask(Guid Id, string Queue, string Type, int MaxRetries, long SentAt, long AcceptedAt, long DueAt)
{
    /// <summary>The queue of the tasks that show whether fresh work starts; those that come into a new queue have a name that begins so.</summary>
    internal const string ProbeQueue = "probe";

    internal bool IsProbe => Queue.StartsWith(ProbeQueue, StringComparison.Ordinal);
}
