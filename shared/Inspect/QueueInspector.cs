using Microsoft.AspNetCore.Http;
using Millrace.Api.Answers;
using Millrace.Api.Views;
using Millrace.Redis;
using Millrace.Store;
using Millrace.Store.Rows;

namespace Millrace.Inspect;

/// <summary>Shows the queues' depths and the pipeline's rates. Numbers are up to a second old.</summary>
public sealed class QueueInspector : IDisposable
{
    private readonly ShortMemory<IReadOnlyList<QueueDepth>> depths;
    private readonly ShortMemory<DashboardCounts> counts;
    private readonly LiveCounters live;

    internal QueueInspector(TaskStore store, LiveCounters live, InspectOptions options, TimeProvider clock)
    {
        this.live = live;
        depths = new(clock, options.Kept, store.DepthsAsync);
        counts = new(clock, options.Kept, cancellation => store.DashboardAsync(DashboardRates.Minutes, options.LostAfter, cancellation));
    }

    /// <summary>Every queue with its tasks by state.</summary>
    public Task<IResult> DepthsAsync(CancellationToken cancellation) => StoreFaults.AnswerAsync(async () =>
    {
        List<QueueDepthView> queues = [.. (await depths.GetAsync(cancellation)).Select(QueueDepthView.From)];
        var view = new QueueDepthListView(
            queues, queues.Sum(static q => q.Depth), queues.Sum(static q => q.Running), queues.Sum(static q => q.Failed));
        return new JsonAnswer<QueueDepthListView>(StatusCodes.Status200OK, view, ApiJson.Readable.QueueDepthListView);
    });

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
}
