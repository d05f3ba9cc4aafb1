using Microsoft.AspNetCore.Http;
using Millrace.Api.Answers;
using Millrace.Api.Requests;
using Millrace.Inspect;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;
using Millrace.Submit;

namespace Millrace.DeadLetters;

/// <summary>Shows dead letters, retries them and deletes them. Of two who do the same at once, one is told that it was done.</summary>
public sealed class DeadLetterDesk
{
    private static readonly string[] Changeable = ["queue_name", "priority"];

    private readonly TaskStore store;
    private readonly TaskSearch search;
    private readonly Action<string> nudge;

    /// <param name="store">Where they are.</param>
    /// <param name="search">Reads pages of them.</param>
    /// <param name="nudge">Is told of a queue that has new due work.</param>
    internal DeadLetterDesk(TaskStore store, TaskSearch search, Action<string> nudge)
    {
        this.store = store;
        this.search = search;
        this.nudge = nudge;
    }

    /// <summary>A page of dead letters, newest task first, and how many there are.</summary>
    public Task<IResult> ListAsync(HttpRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        return StoreFaults.AnswerAsync(async () =>
        {
            var faults = new Faults();
            var filter = TaskListQuery.Read(request.Query, TaskState.Failed, faults);
            if (faults.Any)
            {
                return Problems.InvalidQuery(faults.ByField());
            }

            var total = filter.IsDeep ? (long?)null : await store.CountDeadLettersAsync(filter, cancellation);
            return await search.AnswerAsync(filter, total, cancellation);
        });
    }

    /// <summary>One dead letter with its whole history.</summary>
    public Task<IResult> GetAsync(string id, CancellationToken cancellation) => StoreFaults.AnswerAsync(async () =>
    {
        if (!Guid.TryParse(id, out var value))
        {
            return Problems.InvalidId(id);
        }

        var task = await store.FindAsync(new TaskId(value), cancellation);
        return task?.State == TaskState.Failed ? TaskInspector.Answer(StatusCodes.Status200OK, task) : Problems.DeadLetterNotFound(value);
    });

    /// <summary>Makes a dead letter a live task again, with its history, its attempts at zero and due now.</summary>
    public Task<IResult> RetryAsync(string id, HttpRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        return StoreFaults.AnswerAsync(async () =>
        {
            if (!Guid.TryParse(id, out var value))
            {
                return Problems.InvalidId(id);
            }

            var faults = new Faults();
            var (change, refused) = await TaskChange.ReadAsync(request, Changeable, TaskChange.UsualLargest, faults, cancellation);
            return refused ?? (faults.Any
                ? Problems.InvalidRetry(faults.ByField())
                : await RetryAsync(new TaskId(value), change.ToRevival(), cancellation));
        });
    }

    /// <summary>Removes a dead letter for good.</summary>
    public Task<IResult> DeleteAsync(string id, CancellationToken cancellation) => StoreFaults.AnswerAsync(async () =>
    {
        if (!Guid.TryParse(id, out var value))
        {
            return Problems.InvalidId(id);
        }

        return await store.DeleteDeadLettersAsync([new TaskId(value)], cancellation) > 0
            ? TypedResults.NoContent()
            : NotThere(value, await store.FindAsync(new TaskId(value), cancellation));
    });

    private async Task<IResult> RetryAsync(TaskId id, Revival how, CancellationToken cancellation)
    {
        var retried = await store.RetryDeadLettersAsync([id], how, cancellation);
        var task = await store.FindAsync(id, cancellation);
        if (retried.Count == 0 || task is null)
        {
            return NotThere(id.Value, task);
        }

        nudge(retried[0].QueueName);
        return TaskInspector.Answer(StatusCodes.Status202Accepted, task);
    }

    private static JsonAnswer<Problem> NotThere(Guid id, StoredTask? task) =>
        task is null ? Problems.DeadLetterNotFound(id) : Problems.NotDead(id, task.State.Word());
}
