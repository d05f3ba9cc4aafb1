namespace Millrace.Store;

/// <summary>A sweep of a queue that has begun.</summary>
/// <param name="QueueName">The queue.</param>
/// <param name="Reach">So far back from now it looks, by the time at which tasks are due; null for all of them.</param>
/// <param name="Alone">The last one was slow: others do not share a statement with it.</param>
internal readonly record struct ClaimSweep(string QueueName, TimeSpan? Reach, bool Alone);
