namespace Millrace.Store.Rows;

/// <summary>How many tasks of a queue something was done to.</summary>
internal readonly record struct QueueCount(string QueueName, long Count);
