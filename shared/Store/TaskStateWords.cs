using Millrace.Lifecycle;

namespace Millrace.Store;

/// <summary>The words for a task's state, as the API and the statements of Inspect write them.</summary>
internal static class TaskStateWords
{
    internal static readonly IReadOnlyList<string> All = [.. Enum.GetValues<TaskState>().Select(Word)];

    internal static string Word(this TaskState state) => state switch
    {
        TaskState.Blocked => "blocked",
        TaskState.Scheduled => "scheduled",
        TaskState.Pending => "pending",
        TaskState.Dispatched => "dispatched",
        TaskState.Running => "running",
        TaskState.Retrying => "retrying",
        TaskState.Succeeded => "succeeded",
        TaskState.Failed => "failed",
        TaskState.Cancelled => "cancelled",
        TaskState.Expired => "expired",
    };

    /// <summary>A word in any letter case; null when it is none.</summary>
    internal static TaskState? Parse(string word)
    {
        for (var i = 0; i < All.Count; i++)
        {
            if (string.Equals(All[i], word, StringComparison.OrdinalIgnoreCase))
            {
                return (TaskState)i;
            }
        }

        return null;
    }
}
