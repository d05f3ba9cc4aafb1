using System.Text;
using Microsoft.AspNetCore.Http;
using Millrace.Api.Answers;
using Millrace.Store;

namespace Millrace.Inspect;

/// <summary>Answers Prometheus. One round trip to the database per scrape.</summary>
public sealed class MetricsInspector : IDisposable
{
    private readonly ShortMemory<string> page;

    internal MetricsInspector(TaskStore store, InspectOptions options, TimeProvider clock)
    {
        page = new(clock, options.Kept, async cancellation =>
        {
            var (totals, depths, executors) = await store.MetricsAsync(options.LostAfter, MetricLabels.MostQueues, cancellation);
            return MetricsText.From(totals, depths, executors);
        });
    }

    /// <summary>Every metric as text.</summary>
    public Task<IResult> GetAsync(CancellationToken cancellation) => StoreFaults.AnswerAsync(async () =>
        new BytesAnswer(Encoding.UTF8.GetBytes(await page.GetAsync(cancellation)), PrometheusText.ContentType));

    /// <inheritdoc/>
    public void Dispose() => page.Dispose();
}
