using Millrace.Lifecycle;

namespace Millrace.Store.Rows;

/// <summary>How far a bulk action has come.</summary>
/// <param name="Below">It goes on below this id; null before the first chunk.</param>
/// <param name="Matched">Tasks that matched so far.</param>
/// <param name="Changed">Tasks that something was done to.</param>
/// <param name="Canaries">Tasks that were tried first; null when there was no need, or it has not come to it.</param>
/// <param name="OrderedAt">When it was ordered: what came to its place later is not meant. Null when it has ended.</param>
internal sealed record BulkProgress(TaskId? Below, long Matched, long Changed, IReadOnlyList<TaskId>? Canaries, DateTime? OrderedAt);
