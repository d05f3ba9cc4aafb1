namespace Millrace.Store;

/// <summary>How often something happened in one bucket; the label is the duration bucket of what succeeded, else empty.</summary>
internal readonly record struct TrendCount(int Bucket, string Event, string Label, long Count, long TotalMs);
