using Millrace.Api.Views;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;

namespace Millrace.Inspect;

/// <summary>Says how a task has ended. Pure.</summary>
internal static class ExplainEnd
{
    internal static ReasonView Of(StoredTask task, DateTime now)
    {
        var failure = task.State == TaskState.Failed && task.History.Count > 0 ? task.History[^1] : null;
        var of = task.Retries.MaxRetries + 1;
        return new ReasonView(task.DeathReason ?? task.State.Word(), Sentence(task, failure, of))
        {
            At = task.FinishedAt,
            Seconds = task.FinishedAt is { } at ? ExplainRules.Seconds(now - at) : null,
            Attempt = task.Attempts == 0 ? null : task.Attempts,
            Attempts = of,
            ErrorType = failure?.ErrorType,
            ErrorMessage = failure?.ErrorMessage,
            Worker = task.ExecutorId,
        };
    }

    private static string Sentence(StoredTask task, AttemptEntry? failure, int of)
    {
        var at = task.FinishedAt is { } end ? ExplainRules.Moment(end) : "a time that is not known";
        var last = failure is null ? string.Empty : $" The last failure was {failure.ErrorType}: {failure.ErrorMessage}";
        return task.DeathReason switch
        {
            "exhausted" => $"It failed for good at {at}: all of its {of} attempts failed.{last}",
            "rejected" => $"It failed for good at {at}: its handler said that trying again cannot help.{last}",
            "unreadable" => $"It failed for good at {at}: its handler cannot read its data.{last}",
            "poison" => $"It failed for good at {at}: its attempts ended with their workers {task.Crashes} times.{last}",
            _ => $"It {Ended(task)} at {at}.",
        };
    }

    private static string Ended(StoredTask task) => task.State switch
    {
        TaskState.Succeeded => task.Attempts > 1 ? $"succeeded in attempt {task.Attempts}" : "succeeded",
        TaskState.Cancelled => task.Attempts > 0 ? "was cancelled while it ran or waited for its next attempt" : "was cancelled before it ran",
        TaskState.Expired => "was not started before its expires_at and ended as expired",
        TaskState.Failed => "failed for good",
        TaskState.Blocked or TaskState.Scheduled or TaskState.Pending or TaskState.Dispatched or TaskState.Running or TaskState.Retrying => "has not ended",
    };
}
