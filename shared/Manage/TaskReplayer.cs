using Microsoft.AspNetCore.Http;
using Millrace.Api.Answers;
using Millrace.Api.Requests;
using Millrace.Inspect;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Submit;

namespace Millrace.Manage;

/// <summary>Runs an ended task again, under its id and with its history: a dead letter, or one that succeeded, was cancelled or expired.</summary>
public sealed class TaskReplayer
{
    /// <summary>Others may replay it too; each look that finds it moved is one of theirs.</summary>
    private const int MostLooks = 5;

    private static readonly string[] Changeable = ["data", "queue_name", "priority"];

    private readonly TaskStore store;
    private readonly Action<string> nudge;
    private readonly int largest;

    /// <param name="store">Where the tasks are.</param>
    /// <param name="nudge">Is told of a queue that has new due work.</param>
    /// <param name="largest">The largest task, in bytes.</param>
    internal TaskReplayer(TaskStore store, Action<string> nudge, int largest)
    {
        this.store = store;
        this.nudge = nudge;
        this.largest = largest;
    }

    /// <summary>202 with the task, due now, its attempts at zero; the body may change its data, queue and priority.</summary>
    public Task<IResult> ReplayAsync(string id, HttpRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        return StoreFaults.AnswerAsync(async () =>
        {
            if (!Guid.TryParse(id, out var value))
            {
                return Problems.InvalidId(id);
            }

            var faults = new Faults();
            var (change, refused) = await TaskChange.ReadAsync(request, Changeable, largest, faults, cancellation);
            return refused ?? (faults.Any
                ? Problems.InvalidRetry(faults.ByField())
                : await ReplayAsync(new TaskId(value), change, cancellation));
        });
    }

    private async Task<IResult> ReplayAsync(TaskId id, TaskChange change, CancellationToken cancellation)
    {
        var how = change.ToRevival();
        for (var look = 0; look < MostLooks; look++)
        {
            if (await store.FindAsync(id, cancellation) is not { } task)
            {
                return Problems.TaskNotFound(id.Value);
            }

            if (!TaskCanceller.HasEnded(task.State))
            {
                return Problems.NotEnded(id.Value, task.State.Word());
            }

            var faults = new Faults();
            change.CheckFor(task.Type, faults);
            if (faults.Any)
            {
                return Problems.InvalidRetry(faults.ByField());
            }

            var revived = task.State == TaskState.Failed
                ? await store.RetryDeadLettersAsync([id], how, cancellation)
                : await store.RerunAsync([id], how, cancellation);
            if (revived.Count > 0 && await store.FindAsync(id, cancellation) is { } live)
            {
                nudge(revived[0].QueueName);
                return TaskInspector.Answer(StatusCodes.Status202Accepted, live);
            }
        }

        return Problems.Restless(id.Value);
    }
}
