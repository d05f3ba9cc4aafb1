using System.Globalization;
using Microsoft.AspNetCore.Http;
using Millrace.Api.Answers;
using Millrace.Api.Requests;
using Millrace.Api.Views;
using Millrace.Store;
using Millrace.Store.Rows;
using Millrace.Submit;

namespace Millrace.Inspect;

/// <summary>Shows what happened over hours and days. Numbers are up to a second old.</summary>
public sealed class TrendInspector : IDisposable
{
    private const int MostBuckets = 1_000;
    private const int MostRemembered = 64;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly string[] Known = ["window", "bucket", "type", "queue_name"];

    private readonly ShortMemories<TrendWindow, TrendListView> trends;

    internal TrendInspector(TaskStore store, InspectOptions options, TimeProvider clock) =>
        trends = new(clock, options.Kept, MostRemembered, async (window, cancellation) =>
        {
            var (start, counts) = await store.TrendsAsync(window, cancellation);
            return TrendRules.From(window, start, counts);
        });

    /// <summary>The buckets of the window, and their totals.</summary>
    public Task<IResult> ListAsync(HttpRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        return StoreFaults.AnswerAsync(async () =>
        {
            var faults = new Faults();
            var window = Read(request.Query, faults);
            return faults.Any
                ? Problems.InvalidQuery(faults.ByField())
                : new JsonAnswer<TrendListView>(StatusCodes.Status200OK, await trends.GetAsync(window, cancellation), ApiJson.Readable.TrendListView);
        });
    }

    /// <inheritdoc/>
    public void Dispose() => trends.Dispose();

    private static TrendWindow Read(IQueryCollection query, Faults faults)
    {
        var values = new QueryValues(query, Known, faults);
        var whole = values.Span("window", Day, Minute, 31 * Day, "Is not a window from 1m to 31d. Write one like 90m, 24h or 7d.");
        var bucket = values.Span("bucket", 5 * Minute, Minute, Day, "Is not a bucket from 1m to 1d. Write whole minutes, like 5m, 1h or 1d.");
        if (bucket.Ticks % Minute.Ticks != 0)
        {
            faults.Add("bucket", "Is not a whole number of minutes, and minutes are what is counted. Write one like 5m, 1h or 1d.");
        }

        var minutes = Math.Max(1, (int)bucket.TotalMinutes);
        var buckets = (int)Math.Ceiling(whole.TotalMinutes / minutes);
        if (buckets > MostBuckets)
        {
            var enough = Math.Ceiling(whole.TotalMinutes / MostBuckets).ToString(CultureInfo.InvariantCulture);
            faults.Add("bucket", string.Create(
                CultureInfo.InvariantCulture, $"Cuts the window into {buckets} buckets, and up to 1,000 are shown. Write bucket={enough}m or more, or a shorter window."));
        }

        return new(buckets, minutes, values.Text("type"), values.Text("queue_name"));
    }
}
