using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Millrace.Api.Answers;
using Millrace.Api.Requests;
using Millrace.Api.Views;
using Millrace.Inspect;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;
using Millrace.Submit;
using Npgsql;

namespace Millrace.Manage;

/// <summary>Shows queues, bounds them, pauses them and lets them go on. What is set is shown as it is; counts are up to a second old.</summary>
public sealed class QueueManager : IDisposable
{
    private const int MostRemembered = 1_000;
    private const int MostTries = 3;

    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(200);

    private readonly TaskStore store;
    private readonly Action<string> nudge;
    private readonly ShortMemory<Dictionary<string, QueueDepth>> depths;
    private readonly ShortMemories<string, QueueDepth> each;
    private readonly TimeProvider clock;

    /// <param name="store">Where the queues are.</param>
    /// <param name="kept">How long the counts are kept.</param>
    /// <param name="clock">Tells how old they are.</param>
    /// <param name="nudge">Is told of a queue that goes on.</param>
    internal QueueManager(TaskStore store, TimeSpan kept, TimeProvider clock, Action<string> nudge)
    {
        this.store = store;
        this.nudge = nudge;
        this.clock = clock;
        depths = new(clock, kept, async cancellation => (await store.DepthsAsync(cancellation)).ToDictionary(static depth => depth.QueueName, StringComparer.Ordinal));
        each = new(clock, kept, MostRemembered, store.DepthAsync);
    }

    /// <summary>A page of queues, by name.</summary>
    public Task<IResult> ListAsync(HttpRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        return StoreFaults.AnswerAsync(async () =>
        {
            var faults = new Faults();
            var page = QueueListQuery.Read(request.Query, faults);
            if (faults.Any)
            {
                return Problems.InvalidQuery(faults.ByField());
            }

            var counted = await depths.GetAsync(cancellation);
            var read = await store.QueuesAsync(page.Behind, page.Limit + 1, cancellation);
            List<QueueView> shown = [.. read.Take(page.Limit).Select(queue => QueueView.From(queue, counted.GetValueOrDefault(queue.Name)))];
            var view = new QueueListView(shown, shown.Count, page.Limit) { NextCursor = read.Count > page.Limit ? QueueCursor.Write(shown[^1].Name) : null };
            return new JsonAnswer<QueueListView>(StatusCodes.Status200OK, view, ApiJson.Readable.QueueListView);
        });
    }

    /// <summary>One queue.</summary>
    public Task<IResult> GetAsync(string name, CancellationToken cancellation) => StoreFaults.AnswerAsync(async () =>
        await AnswerAsync(name, await store.FindQueueAsync(Unescaped(name), cancellation), cancellation));

    /// <summary>Sets what the body says; a queue that is not there is made, 201.</summary>
    public Task<IResult> PutAsync(string name, HttpRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        return StoreFaults.AnswerAsync(async () =>
        {
            var (order, refused) = await ReadAsync(Unescaped(name), request, cancellation);
            if (refused is not null)
            {
                return refused;
            }

            var (queue, isNew) = await store.PutQueueAsync(Unescaped(name), order.MaxDepth, order.ChangesMaxDepth, cancellation);
            return await AnswerAsync(name, queue, cancellation, isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
        });
    }

    /// <summary>From now on nothing of the queue is started; what is in a ticket already goes on.</summary>
    public Task<IResult> PauseAsync(string name, CancellationToken cancellation) => StoreFaults.AnswerAsync(async () =>
        await AnswerAsync(name, await store.PauseQueueAsync(Unescaped(name), true, cancellation), cancellation));

    /// <summary>What waits is started again, at once.</summary>
    public Task<IResult> ResumeAsync(string name, CancellationToken cancellation) => StoreFaults.AnswerAsync(async () =>
    {
        var queue = await store.PauseQueueAsync(Unescaped(name), false, cancellation);
        if (queue is not null)
        {
            nudge(queue.Name);
        }

        return await AnswerAsync(name, queue, cancellation);
    });

    /// <summary>204 when the queue was empty and is gone; 409 when it holds live tasks or dead letters.</summary>
    public Task<IResult> DeleteAsync(string name, CancellationToken cancellation) => StoreFaults.AnswerAsync(async () =>
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await RemoveAsync(Unescaped(name), cancellation);
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
            {
                // Somebody writes for long. Those who submit must not wait behind this for as long.
                if (attempt == MostTries)
                {
                    return Problems.StoreUnavailable();
                }
            }

            await Task.Delay(BetweenTries, clock, cancellation);
        }
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        depths.Dispose();
        each.Dispose();
    }

    private async Task<IResult> RemoveAsync(string name, CancellationToken cancellation) => await store.QueueContentsAsync(name, cancellation) switch
    {
        null => Problems.QueueNotFound(name),
        (0, 0) when await store.RemoveQueueAsync(name, cancellation) => TypedResults.NoContent(),
        _ => await store.QueueContentsAsync(name, cancellation) is (var live, var dead) ? Problems.QueueNotEmpty(name, live, dead) : Problems.QueueNotFound(name),
    };

    private async Task<IResult> AnswerAsync(string name, QueueSettings? queue, CancellationToken cancellation, int status = StatusCodes.Status200OK) =>
        queue is null
            ? Problems.QueueNotFound(Unescaped(name))
            : new JsonAnswer<QueueView>(status, QueueView.From(queue, await each.GetAsync(queue.Name, cancellation)), ApiJson.Readable.QueueView);

    /// <summary>A name may have a slash; in a path it is written %2F, and routing leaves that alone. No name has a percent sign.</summary>
    private static string Unescaped(string name) => name.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    private static async Task<(QueueOrder Order, IResult? Refused)> ReadAsync(string name, HttpRequest request, CancellationToken cancellation)
    {
        var nothing = new QueueOrder(false, null);
        using var body = await RequestBody.ReadAsync(request, QueueOrder.MostBytes, cancellation);
        if (body.IsTooLarge)
        {
            return (nothing, Problems.OrderTooLarge(QueueOrder.MostBytes));
        }

        if (!request.HasJsonContentType())
        {
            return (nothing, Problems.UnsupportedMediaType(request.ContentType, "application/json"));
        }

        var faults = new Faults();
        if (!TaskNames.IsName(name, TaskNames.LongestQueueName))
        {
            faults.Add("name", TaskNames.Rule(TaskNames.LongestQueueName));
        }

        try
        {
            var order = QueueOrder.Read(body.Bytes, faults);
            return (order, faults.Any ? Problems.InvalidQueue(faults.ByField()) : null);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return (nothing, Problems.InvalidJson("Send {\"max_depth\": 1000} as JSON, or {\"max_depth\": null} for any number of tasks."));
        }
    }
}
