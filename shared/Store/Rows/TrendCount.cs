namespace Millrace.Store.Rows;

/// <summary>How often something happened in one bucket; the label of what succeeded is its duration bucket.</summary>
internal readonly record struct TrendCount(int Bucket, string Event, string Label, long Count, long TotalMs);
