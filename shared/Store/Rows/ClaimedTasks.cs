namespace Millrace.Store.Rows;

/// <summary>What a running ticket was given.</summary>
/// <param name="Tasks">In the order in which they are to be begun.</param>
/// <param name="NothingIsLeft">Fewer were found than enough: the executor is hungry now.</param>
internal readonly record struct ClaimedTasks(IReadOnlyList<TaskRecord> Tasks, bool NothingIsLeft);
