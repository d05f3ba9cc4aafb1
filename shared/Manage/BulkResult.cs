namespace Millrace.Manage;

/// <summary>How a bulk action ended: <c>done</c> or <c>stopped_by_canary</c>.</summary>
internal sealed record BulkResult(string Status, long Matched, long Changed);
