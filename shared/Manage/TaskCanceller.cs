using Microsoft.AspNetCore.Http;
using Millrace.Api.Answers;
using Millrace.Inspect;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;

namespace Millrace.Manage;

/// <summary>
/// Cancels a task in whatever state it is: what waits ends at once (200), what is in a ticket is asked to end (202), what
/// has ended stays as it is (409; 200 when it was cancelled already).
/// </summary>
public sealed class TaskCanceller
{
    /// <summary>A task can be retried from the dead letters between two looks; nobody does that five times in a row.</summary>
    private const int MostLooks = 5;

    private readonly TaskStore store;
    private readonly Action requested;

    /// <param name="store">Where the tasks are.</param>
    /// <param name="requested">Is told when a task that an executor holds was asked to end.</param>
    internal TaskCanceller(TaskStore store, Action requested)
    {
        this.store = store;
        this.requested = requested;
    }

    /// <summary>Cancels the task and answers with it.</summary>
    public Task<IResult> CancelAsync(string id, CancellationToken cancellation) => StoreFaults.AnswerAsync(async () =>
        Guid.TryParse(id, out var value) ? await CancelAsync(new TaskId(value), cancellation) : Problems.InvalidId(id));

    private async Task<IResult> CancelAsync(TaskId id, CancellationToken cancellation)
    {
        for (var look = 0; look < MostLooks; look++)
        {
            var effect = await store.CancelAsync(id, cancellation);
            if (effect == CancelEffect.Requested)
            {
                requested();
            }

            var task = await store.FindAsync(id, cancellation);
            if (task is null)
            {
                return Problems.TaskNotFound(id.Value);
            }

            if (effect != CancelEffect.None || HasEnded(task.State))
            {
                return Answer(effect, task);
            }
        }

        return Problems.Restless(id.Value);
    }

    private static IResult Answer(CancelEffect effect, StoredTask task) => effect switch
    {
        CancelEffect.Finished => TaskInspector.Answer(StatusCodes.Status200OK, task),
        CancelEffect.Requested => TaskInspector.Answer(StatusCodes.Status202Accepted, task),
        CancelEffect.None when task.State == TaskState.Cancelled => TaskInspector.Answer(StatusCodes.Status200OK, task),
        CancelEffect.None => Problems.NotCancellable(task.Id.Value, task.State.Word()),
    };

    internal static bool HasEnded(TaskState state) =>
        state is TaskState.Succeeded or TaskState.Failed or TaskState.Cancelled or TaskState.Expired;
}
