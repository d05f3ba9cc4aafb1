namespace Millrace.Local.Hosting.Queues;

/// <summary>When a message is given up, and where it goes. Pure.</summary>
internal static class PoisonRules
{
    private const string Suffix = "-poison";
    private const int LongestName = 63;

    /// <summary>What the real host's default is in development.</summary>
    private static readonly TimeSpan PoisonPause = TimeSpan.FromSeconds(2);

    /// <summary>Null: the queue is a poison queue itself, or its name leaves no room; its messages are never moved.</summary>
    public static string? PoisonQueueOf(string queue) =>
        IsPoisonQueue(queue) || queue.Length + Suffix.Length > LongestName ? null : queue + Suffix;

    /// <summary>Messages come there after many failed deliveries: nobody waits for the next moment, and polls are most of what an idle host does.</summary>
    public static TimeSpan LongestPause(string queue, TimeSpan maxPollingInterval) =>
        IsPoisonQueue(queue) && maxPollingInterval < PoisonPause ? PoisonPause : maxPollingInterval;

    /// <summary>Asked before the call: deliveries count, crashes too. A function on a poison queue is exempt.</summary>
    public static bool IsSpentBeforeCall(string queue, long dequeueCount, int maxDequeueCount) =>
        !IsPoisonQueue(queue) && dequeueCount > maxDequeueCount;

    /// <summary>Asked after a failed call.</summary>
    public static bool IsSpentAfterFailure(string queue, long dequeueCount, int maxDequeueCount) =>
        !IsPoisonQueue(queue) && dequeueCount >= maxDequeueCount;

    private static bool IsPoisonQueue(string queue) => queue.EndsWith(Suffix, StringComparison.Ordinal);
}
