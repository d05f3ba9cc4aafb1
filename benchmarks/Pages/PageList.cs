using System.Globalization;
using Millrace.Api.Requests;

namespace Millrace.Benchmarks.Pages;

/// <summary>Every page that P11 is about, with parameters that differ from request to request.</summary>
internal sealed class PageList(PageSample sample)
{
    private const string List = "api/v1/tasks?limit=100";
    private const string Search = "api/v1/search/tasks?limit=100";

    private static readonly string[] Statuses =
        ["blocked", "pending", "scheduled", "retrying", "dispatched", "running", "waiting", "succeeded", "cancelled", "expired", "failed"];

    private static readonly string[] Presets = ["stuck_tasks", "failed_recently", "long_running", "retrying", "oldest_pending"];

    /// <summary>Read after the sample.</summary>
    internal IReadOnlyList<Page> All() => [.. Lists(), .. Searches(), .. Tasks(), .. Watching()];

    private IEnumerable<Page> Lists() =>
    [
        new("list, no filter", static _ => List),
        .. Statuses.Select(static status => new Page($"list, status={status}", n => $"{List}&status={status}{EverySecond("&queue_name=", n)}")),
        new("list, a common type", static _ => $"{List}&type=type_00"),
        new("list, any type", static n => $"{List}&type={Type(n)}"),
        new("list, a rare type", static _ => $"{List}&type=rare_type"),
        new("list, an unknown type", static n => $"{List}&type=unknown_{n}"),
        new("list, by queue", static n => $"{List}&queue_name={Queue(n)}"),
        new("list, an unknown queue", static n => $"{List}&queue_name=unknown_{n}"),
        new("list, queue, status and type", static n => $"{List}&queue_name={Queue(n)}&status={Statuses[n % Statuses.Length]}&type={Type(n)}"),
        new("list, deep cursor", n => $"{List}&cursor={PageCursor.Write(new(At(sample.Finished, n)))}"),
        new("list, deep cursor, by type", n => $"{List}&type={Type(n)}&cursor={PageCursor.Write(new(At(sample.Finished, n)))}"),
        new("list, skip=10000", static n => $"{List}&skip=10000{EverySecond("&queue_name=", n)}"),
        new("list, limit=1000", static n => $"api/v1/tasks?limit=1000&queue_name={Queue(n)}"),
        new("dlq list", static n => $"api/v1/dlq/failed-tasks{EverySecond("?queue_name=", n)}"),
    ];

    private IEnumerable<Page> Searches() =>
    [
        new("search, q that is common", static n => $"{Search}&q={Pick(n, "timeout", "HTTP_503", "could not lock", "order")}"),
        new("search, q that is nowhere", static n => $"{Search}&q=nowhere{n}"),
        new("search, q in dead letters", static n => $"{Search}&status=failed&q=order%20{n}123"),
        new("search, data.customer.id", static n => $"{Search}&data.customer.id={n * 997 % 50000}"),
        new("search, data.country", static n => $"{Search}&data.country={Pick(n, "de", "fr", "us", "xx")}"),
        new("search, two data paths that match nothing", static n => $"{Search}&data.country=xx&data.order=none-{n}"),
        new("search, tag", static n => $"{Search}&tag=tenant-{n}"),
        new("search, tag that is nowhere", static n => $"{Search}&tag=nobody-{n}"),
        new("search, priority", static n => $"{Search}&priority={1 + (n % 10)}"),
        new("search, created_after", static n => $"{Search}&created_after={Ago(n + 1)}"),
        new("search, created_before", static n => $"{Search}&created_before={Ago((n % 28 * 24) + 1)}"),
        new("search, a day of created_at", static n => $"{Search}&created_after={Ago((n % 27 * 24) + 24)}&created_before={Ago(n % 27 * 24)}"),
        new("search, external_id", static n => $"{Search}&external_id={Pick(n, "live", "finished", "dead", "none")}-{(n * 10) + 3}"),
        new("search, error_type", static n => $"{Search}&error_type={Pick(n, "timeout", "io_error", "conflict", "nothing")}"),
        new("search, fingerprint", n => $"{Search}&fingerprint={sample.Fingerprints[n % sample.Fingerprints.Length]}"),
        new("search, fingerprint of dead letters", n => $"{Search}&status=failed&fingerprint={sample.Fingerprints[n % sample.Fingerprints.Length]}"),
        new("search, much that matches nothing", static n => $"{Search}&queue_name={Queue(n)}&priority=10&tag=nobody&data.country=xx&q=nothing"),
        new("search, rare type and priority", static n => $"{Search}&type=rare_type&priority={1 + (n % 10)}"),
        .. Presets.Select(static preset => new Page($"preset {preset}", n => $"api/v1/search/presets/{preset}?limit={100 + n}")),
    ];

    private IEnumerable<Page> Tasks() =>
    [
        new("task, live", n => $"api/v1/tasks/{At(sample.Scheduled, n)}"),
        new("task, finished", n => $"api/v1/tasks/{At(sample.Finished, n)}"),
        new("task, dead", n => $"api/v1/tasks/{At(sample.Dead, n)}"),
        new("explain, the last of 50,000", n => $"api/v1/tasks/{At(sample.Pending, n)}/explain"),
        new("explain, scheduled", n => $"api/v1/tasks/{At(sample.Scheduled, n)}/explain"),
        new("explain, retrying", n => $"api/v1/tasks/{At(sample.Retrying, n)}/explain"),
        new("explain, in a ticket", n => $"api/v1/tasks/{At(sample.Running, n)}/explain"),
        new("explain, finished", n => $"api/v1/tasks/{At(sample.Finished, n)}/explain"),
        new("explain, dead", n => $"api/v1/tasks/{At(sample.Dead, n)}/explain"),
        new("result", n => $"api/v1/tasks/{At(n % 2 == 0 ? sample.Finished : sample.Dead, n)}/result"),
        new("logs", n => $"api/v1/tasks/{At(n % 2 == 0 ? sample.Logged : sample.Pending, n)}/logs"),
        new("dlq task", n => $"api/v1/dlq/failed-tasks/{At(sample.Dead, n)}"),
    ];

    private IEnumerable<Page> Watching() =>
    [
        new("trends, 24h by 5m", static _ => "api/v1/analytics/trends?window=24h&bucket=5m"),
        new("trends, 7d by 1h", static _ => "api/v1/analytics/trends?window=7d&bucket=1h"),
        new("trends, 31d by 1d", static _ => "api/v1/analytics/trends?window=31d&bucket=1d"),
        new("trends, 16h by 1m", static _ => "api/v1/analytics/trends?window=16h&bucket=1m"),
        new("trends, 24h by 5m, type", static n => $"api/v1/analytics/trends?window=24h&bucket=5m&type={Type(n)}"),
        new("trends, 24h by 5m, queue", static n => $"api/v1/analytics/trends?window=24h&bucket=5m&queue_name={Queue(n)}"),
        new("trends, 24h by 5m, type and queue", static n => $"api/v1/analytics/trends?window=24h&bucket=5m&type={Type(n)}&queue_name={Queue(n)}"),
        new("trends, 31d by 1d, type", static n => $"api/v1/analytics/trends?window=31d&bucket=1d&type={Type(n)}"),
        new("trends, 31d by 1h, queue", static n => $"api/v1/analytics/trends?window=31d&bucket=1h&queue_name={Queue(n)}"),
        new("dashboard/stats", static _ => "api/v1/dashboard/stats"),
        new("dashboard/queue-depth", static _ => "api/v1/dashboard/queue-depth"),
        new("queues", static _ => "api/v1/queues"),
        new("queue", static n => $"api/v1/queues/{Queue(n)}"),
        new("workers", static _ => "api/v1/workers/status/all"),
        new("worker", n => $"api/v1/workers/{At(sample.Executors, n)}/status"),
        new("failures", static n => $"api/v1/failures?limit={100 - n}"),
        new("metrics", static _ => "metrics"),
        new("health/queue", static _ => "health/queue") { MayBeUnwell = true },
        new("health/database", static _ => "api/v1/health/database"),
        new("verify (counts everything)", static _ => "api/v1/verify") { IsBarred = false, MayBeUnwell = true, Requests = 1 },
    ];

    private static Guid At(Guid[] ids, int n) => ids[n % ids.Length];

    private static string Queue(int n) => string.Create(CultureInfo.InvariantCulture, $"queue_{n % 20:00}");

    /// <summary>One request in two is about one queue, the other about all.</summary>
    private static string EverySecond(string name, int n) => n % 2 == 0 ? string.Empty : name + Queue(n);

    private static string Type(int n) => string.Create(CultureInfo.InvariantCulture, $"type_{n % 30:00}");

    private static string Pick(int n, params ReadOnlySpan<string> words) => Uri.EscapeDataString(words[n % words.Length]);

    private static string Ago(int hours) =>
        TimeProvider.System.GetUtcNow().AddHours(-hours).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
