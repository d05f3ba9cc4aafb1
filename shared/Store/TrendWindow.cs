namespace Millrace.Store;

/// <summary>Which counts are read: so many buckets, the one that runs included, each so many minutes; of one type or queue, where named.</summary>
internal sealed record TrendWindow(int Buckets, int Minutes, string? Type, string? QueueName);
