using System.Globalization;
using System.Text.Json.Serialization.Metadata;

namespace Millrace.Client;

public sealed partial class MillraceClient
{
    /// <summary>The pipeline in numbers.</summary>
    public Task<DashboardStats> GetStatsAsync(CancellationToken cancellation = default) =>
        AskAsync(Get("api/v1/dashboard/stats"), MillraceJson.Plain.DashboardStats, cancellation);

    /// <summary>A page of queues with their tasks by state, and the sums of all queues.</summary>
    /// <param name="cursor">The <see cref="QueueDepthList.NextCursor"/> of the page before; null for the first.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cancellation">Stops waiting for the answer.</param>
    public Task<QueueDepthList> GetQueueDepthAsync(string? cursor = null, int limit = 100, CancellationToken cancellation = default) => AskAsync(
        Get(new Query("api/v1/dashboard/queue-depth").With("limit", limit).With("cursor", cursor).ToString()), MillraceJson.Plain.QueueDepthList, cancellation);

    /// <summary>How it went over a stretch of time.</summary>
    public Task<Trends> GetTrendsAsync(TrendQuery? query = null, CancellationToken cancellation = default) => AskAsync(
        Get(new Query("api/v1/analytics/trends").With("window", Length(query?.Window)).With("bucket", Length(query?.Bucket))
            .With("type", query?.Type).With("queue_name", query?.QueueName).ToString()),
        MillraceJson.Plain.Trends,
        cancellation);

    /// <summary>The ledger: whether every task that was accepted is accounted for.</summary>
    public Task<Ledger> VerifyAsync(CancellationToken cancellation = default) =>
        AskAsync(Get("api/v1/verify"), MillraceJson.Plain.Ledger, cancellation);

    /// <summary>Whether the app answers at all. It needs no key, and never throws for what the app does.</summary>
    public async Task<bool> IsAliveAsync(CancellationToken cancellation = default)
    {
        try
        {
            using var answer = await SendAnyAsync(With(Get("health"), CallPatience.Probe), cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (MillraceException)
        {
            return false;
        }
    }

    /// <summary>Whether the pipeline works, and why not. Unhealthy is an answer, too; asked once, without repetition.</summary>
    public Task<HealthReport> GetHealthAsync(CancellationToken cancellation = default) =>
        ProbeAsync("health/queue", MillraceJson.Plain.HealthReport, cancellation);

    /// <summary>How PostgreSQL answers the app. Not reachable is an answer, too.</summary>
    public Task<DatabaseHealth> GetDatabaseHealthAsync(CancellationToken cancellation = default) =>
        ProbeAsync("api/v1/health/database", MillraceJson.Plain.DatabaseHealth, cancellation);

    /// <summary>How Redis answers the app. Not reachable is an answer, too.</summary>
    public Task<RedisHealth> GetRedisHealthAsync(CancellationToken cancellation = default) =>
        ProbeAsync("api/v1/health/redis", MillraceJson.Plain.RedisHealth, cancellation);

    /// <summary>How the storage account answers the app. Not reachable is an answer, too.</summary>
    public Task<StorageHealth> GetStorageHealthAsync(CancellationToken cancellation = default) =>
        ProbeAsync("api/v1/health/storage", MillraceJson.Plain.StorageHealth, cancellation);

    /// <summary>An answer of health comes with 200 or 503; what is no such answer (of a gateway, say) is a refusal.</summary>
    private async Task<T> ProbeAsync<T>(string path, JsonTypeInfo<T> format, CancellationToken cancellation)
    {
        using var answer = await SendAnyAsync(With(Get(path), CallPatience.Probe), cancellation);
        return answer.Content.Headers.ContentType?.MediaType == "application/json"
            ? await ReadAsync(answer, format, cancellation)
            : throw Refusal.Of(answer, await ReadBytesAsync(answer, cancellation));
    }

    /// <summary>As the API writes lengths of time: 24h, 5m, 30s.</summary>
    private static string? Length(TimeSpan? length) => length switch
    {
        null => null,
        { Ticks: var ticks } when ticks % TimeSpan.TicksPerHour == 0 => string.Create(CultureInfo.InvariantCulture, $"{ticks / TimeSpan.TicksPerHour}h"),
        { Ticks: var ticks } when ticks % TimeSpan.TicksPerMinute == 0 => string.Create(CultureInfo.InvariantCulture, $"{ticks / TimeSpan.TicksPerMinute}m"),
        { Ticks: var ticks } => string.Create(CultureInfo.InvariantCulture, $"{ticks / TimeSpan.TicksPerSecond}s"),
    };
}
