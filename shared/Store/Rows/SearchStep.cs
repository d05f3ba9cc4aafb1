using Millrace.Lifecycle;

namespace Millrace.Store.Rows;

/// <summary>One step of a search.</summary>
/// <param name="Tasks">What it found, newest id first.</param>
/// <param name="Matched">How many it found, those that were passed over included.</param>
/// <param name="Floor">Every task above this id, and this one, was looked at; null when none is left to look at.</param>
internal sealed record SearchStep(IReadOnlyList<StoredTask> Tasks, long Matched, TaskId? Floor);
