namespace Millrace.Store.Rows;

/// <summary>How often something happened in one minute.</summary>
internal readonly record struct MinuteCount(DateTime Minute, string Event, long Count, long TotalMs);
