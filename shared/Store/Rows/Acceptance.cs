using Millrace.Lifecycle;

namespace Millrace.Store.Rows;

/// <summary>What became of submitted tasks: accepted, but for those that clash.</summary>
/// <param name="At">The database's time of acceptance.</param>
/// <param name="Clashes">By the id of the task that was not accepted; null when all were.</param>
internal readonly record struct Acceptance(DateTimeOffset At, IReadOnlyDictionary<TaskId, KeyClash>? Clashes = null)
{
    /// <summary>A key was used for something else.</summary>
    internal bool HasMistake => Clashes?.Values.Any(static clash => !clash.IsSame) ?? false;

    internal KeyClash? Of(TaskId id) => Clashes?.GetValueOrDefault(id);
}
