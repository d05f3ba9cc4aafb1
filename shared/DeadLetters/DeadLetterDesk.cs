using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Millrace.Api;
using Millrace.Inspect;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Submit;

namespace Millrace.DeadLetters;

/// <summary>Shows dead letters, retries them and deletes them. Of two who do the same at once, one is told that it was done.</summary>
public sealed class DeadLetterDesk
{
    private readonly TaskStore store;
    private readonly Action<string> nudge;

    /// <param name="store">Where they are.</param>
    /// <param name="nudge">Is told of a queue that has new due work.</param>
    internal DeadLetterDesk(TaskStore store, Action<string> nudge)
    {
        this.store = store;
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

            var total = await store.CountDeadLettersAsync(filter.Type, filter.QueueName, cancellation);
            return TaskPage.Answer(await TaskPage.ReadAsync(store, filter, cancellation), filter.Limit, total);
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

            var (order, refused) = await ReadOrderAsync(request, cancellation);
            return refused ?? await RetryAsync(new TaskId(value), order, cancellation);
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

    private async Task<IResult> RetryAsync(TaskId id, RetryOrder order, CancellationToken cancellation)
    {
        var retried = await store.RetryDeadLettersAsync([id], order.ToRevival(), cancellation);
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

    private static async Task<(RetryOrder Order, IResult? Refused)> ReadOrderAsync(HttpRequest request, CancellationToken cancellation)
    {
        using var body = new MemoryStream();
        var buffer = new byte[4_096];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancellation)) > 0)
        {
            body.Write(buffer, 0, read);
            if (body.Length > RetryOrder.MostBytes)
            {
                return (RetryOrder.Unchanged, Problems.OrderTooLarge(RetryOrder.MostBytes));
            }
        }

        if (body.Length > 0 && !request.HasJsonContentType())
        {
            return (RetryOrder.Unchanged, Problems.UnsupportedMediaType(request.ContentType, "application/json, or no body"));
        }

        return Parse(body.ToArray());
    }

    private static (RetryOrder Order, IResult? Refused) Parse(byte[] body)
    {
        var faults = new Faults();
        try
        {
            var order = RetryOrder.Read(body, faults);
            return (order, faults.Any ? Problems.InvalidRetry(faults.ByField()) : null);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return (RetryOrder.Unchanged, Problems.InvalidJson("Send {\"queue_name\": …, \"priority\": …} as JSON, either or both, or no body."));
        }
    }
}
