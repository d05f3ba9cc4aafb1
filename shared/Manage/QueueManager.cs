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

namespace Millrace.Manage;

/// <summary>Shows queues, bounds them, pauses them and lets them go on. What is set is shown as it is; counts are up to a second old.</summary>
public sealed class QueueManager : IDisposable
{
    private readonly TaskStore store;
    private readonly Action<string> nudge;
    private readonly ShortMemory<IReadOnlyList<QueueDepth>> depths;

    /// <param name="store">Where the queues are.</param>
    /// <param name="kept">How long the counts are kept.</param>
    /// <param name="clock">Tells how old they are.</param>
    /// <param name="nudge">Is told of a queue that goes on.</param>
    internal QueueManager(TaskStore store, TimeSpan kept, TimeProvider clock, Action<string> nudge)
    {
        this.store = store;
        this.nudge = nudge;
        depths = new(clock, kept, store.DepthsAsync);
    }

    /// <summary>Every queue, by name.</summary>
    public Task<IResult> ListAsync(CancellationToken cancellation) => StoreFaults.AnswerAsync(async () =>
    {
        var counted = await depths.GetAsync(cancellation);
        List<QueueView> queues = [.. (await store.QueuesAsync(cancellation)).Select(queue => View(queue, counted))];
        return new JsonAnswer<QueueListView>(StatusCodes.Status200OK, new(queues, queues.Count), ApiJson.Readable.QueueListView);
    });

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

    /// <inheritdoc/>
    public void Dispose() => depths.Dispose();

    private async Task<IResult> AnswerAsync(string name, QueueSettings? queue, CancellationToken cancellation, int status = StatusCodes.Status200OK) =>
        queue is null
            ? Problems.QueueNotFound(Unescaped(name))
            : new JsonAnswer<QueueView>(status, View(queue, await depths.GetAsync(cancellation)), ApiJson.Readable.QueueView);

    private static QueueView View(QueueSettings queue, IReadOnlyList<QueueDepth> counted) =>
        QueueView.From(queue, counted.FirstOrDefault(depth => depth.QueueName == queue.Name));

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
