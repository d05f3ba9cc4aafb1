using Millrace.Api.Answers;

namespace Millrace.Api.Views;

/// <summary>
/// What became of a stream of tasks. <c>duplicates</c> were accepted before, under the same key. When <see cref="Problem"/> is set,
/// the stream ended early: lines up to <see cref="CommittedThroughLine"/> are done. <see cref="Refused"/> has the lines whose faults are told.
/// </summary>
internal sealed record BulkView(
    long Accepted, long Duplicates, long RefusedCount, long Lines, long CommittedThroughLine, IReadOnlyList<RefusedLine> Refused, Problem? Problem)
{
    /// <summary>How many faults are not told; left out when all are.</summary>
    public string? More { get; init; }
}
