namespace Millrace.Store.Rows;

/// <summary>What is kept about a queue.</summary>
internal sealed record QueueSettings(string Name, bool Paused, int? MaxDepth, double? MeanRunMs, DateTime CreatedAt);
