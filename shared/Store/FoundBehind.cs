namespace Millrace.Store;

/// <summary>The first task behind a mark, which claims would pass over.</summary>
internal readonly record struct FoundBehind(string QueueName, short Priority, DateTime Due);
