using Millrace.Api.Answers;

namespace Millrace.Api.Views;

/// <summary>
/// What became of a stream of tasks. <c>duplicates</c> were accepted before, under the same key. When <see cref="Problem"/> is set,
/// the stream ended early: lines up to <see cref="CommittedThroughLine"/> are done.
/// </summary>
internal sealed record BulkView(
    long Accepted, long Duplicates, long RefusedCount, long Lines, long CommittedThroughLine, IReadOnlyList<RefusedLine> Refused, Problem? Problem);
