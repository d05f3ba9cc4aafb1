using Microsoft.AspNetCore.Http;
using Millrace.Api.Answers;
using Millrace.Api.Requests;
using Millrace.Api.Views;
using Millrace.Redis;
using Millrace.Store;
using Millrace.Store.Rows;
using Millrace.Submit;

namespace Millrace.Inspect;

/// <summary>Shows the queues' depths and the pipeline's rates. Numbers are up to a second old.</summary>
public sealed class QueueInspector : IDisposable
{
    private readonly ShortMemory<Depths> depths;
    private readonly ShortMemory<DashboardCounts> counts;
    private readonly TaskStore store;
    private readonly LiveCounters live;

    internal QueueInspector(TaskStore store, LiveCounters live, InspectOptions options, TimeProvider clock)
    {
        this.store = store;
        this.live = live;
        depths = new(clock, options.Kept, async cancellation => new Depths(await store.DepthsAsync(cancellation)));
        counts = new(clock, options.Kept, cancellation => store.DashboardAsync(DashboardRates.Minutes, options.LostAfter, cancellation));
    }

    /// <summary>A page of queues with their tasks by state, and the sums of all queues.</summary>
    public Task<IResult> DepthsAsync(HttpRequest request, CancellationToken cancellation)
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
            List<QueueDepthView> shown = [.. read.Take(page.Limit).Select(counted.Of)];
            var view = new QueueDepthListView(shown, shown.Count, page.Limit, counted.Depth, counted.Running, counted.Failed)
            {
                NextCursor = read.Count > page.Limit ? QueueCursor.Write(shown[^1].QueueName) : null,
            };
            return new JsonAnswer<QueueDepthListView>(StatusCodes.Status200OK, view, ApiJson.Readable.QueueDepthListView);
        });
    }

    /// <summary>Rates, means and totals.</summary>
    public Task<IResult> StatsAsync(CancellationToken cancellation) => StoreFaults.AnswerAsync(async () =>
        new JsonAnswer<DashboardView>(
            StatusCodes.Status200OK,
            DashboardRates.From(await counts.GetAsync(cancellation)) with { ThisMinute = await live.ReadAsync() },
            ApiJson.Readable.DashboardView));

    /// <inheritdoc/>
    public void Dispose()
    {
        depths.Dispose();
        counts.Dispose();
    }

    /// <summary>The queues that have tasks, by name, and their sums.</summary>
    private sealed class Depths(IReadOnlyList<QueueDepth> all)
    {
        private readonly Dictionary<string, QueueDepth> byName = all.ToDictionary(static depth => depth.QueueName, StringComparer.Ordinal);

        internal long Depth { get; } = all.Sum(static depth => depth.Pending + depth.Dispatched);

        internal long Running { get; } = all.Sum(static depth => depth.Running);

        internal long Failed { get; } = all.Sum(static depth => depth.Failed);

        internal QueueDepthView Of(QueueSettings queue) =>
            QueueDepthView.From(byName.GetValueOrDefault(queue.Name) ?? QueueDepth.None(queue.Name)) with { Paused = queue.Paused };
    }
}
