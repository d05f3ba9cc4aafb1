using Millrace.Lifecycle;

namespace Millrace.Store.Rows;

/// <summary>What came of a task, or where it is. The result is UTF-8 JSON, to the letter; the error is that of a dead letter.</summary>
internal sealed record StoredResult(TaskId Id, TaskState State, byte[]? Result, string? ErrorType, string? ErrorMessage, DateTime? FinishedAt);
