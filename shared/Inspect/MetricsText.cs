using System.Globalization;
using Millrace.Store;
using Millrace.Store.Rows;

namespace Millrace.Inspect;

/// <summary>What /metrics says: counters from the books, gauges from the live tables. Pure. A process has no counters of its own.</summary>
internal static class MetricsText
{
    internal static string From(IReadOnlyList<CounterTotal> totals, IReadOnlyList<QueueDepth> depths, IReadOnlyList<ExecutorRow> executors)
    {
        var text = new PrometheusText();
        var bounded = MetricLabels.Bounded(totals);
        AddCounters(text, bounded);
        AddDurations(text, bounded);
        AddQueues(text, depths);
        AddWorkers(text, executors);
        return text.ToString();
    }

    private static void AddCounters(PrometheusText text, IReadOnlyList<CounterTotal> totals)
    {
        text.Metric("task_submissions_total", "counter", "Tasks accepted.");
        Sum(totals, static t => t.Event == "accepted", static t => (t.Label, t.Type), (k, n) =>
            text.Sample("task_submissions_total", n, ("priority", k.Label), ("type", k.Type)));
        text.Metric("task_completions_total", "counter", "Tasks that ended, by how.");
        Sum(totals, static t => t.Event is "succeeded" or "cancelled" or "expired" or "failed", static t => (t.Type, t.Event), (k, n) =>
            text.Sample("task_completions_total", n, ("type", k.Type), ("status", k.Event)));
        text.Metric("task_failures_total", "counter", "Attempts that failed, by error; retried ones too.");
        Sum(totals, static t => t.Event is "retried" or "failed", static t => (t.Type, t.Label), (k, n) =>
            text.Sample("task_failures_total", n, ("type", k.Type), ("error", k.Label)));
        text.Metric("task_retries_total", "counter", "Failed attempts that are tried again.")
            .Sample("task_retries_total", totals.Where(static t => t.Event == "retried").Sum(static t => t.Count));
        text.Metric("task_replays_total", "counter", "Dead letters that became live again.")
            .Sample("task_replays_total", totals.Where(static t => t.Event == "replayed").Sum(static t => t.Count));
    }

    private static void AddDurations(PrometheusText text, IReadOnlyList<CounterTotal> totals)
    {
        text.Metric("task_duration_seconds", "histogram", "Run time of attempts that succeeded.");
        foreach (var kind in totals.Where(static t => t.Event == "succeeded").GroupBy(static t => (t.QueueName, t.Type)))
        {
            var (queue, type) = kind.Key;
            var counts = kind.GroupBy(static t => t.Label).ToDictionary(static g => g.Key, static g => g.Sum(static t => t.Count));
            double below = 0;
            foreach (var bucket in DurationBuckets.UpperBoundsMs)
            {
                below += counts.GetValueOrDefault(bucket);
                text.Sample("task_duration_seconds_bucket", below, ("queue", queue), ("type", type), ("le", Bound(bucket)));
            }

            text.Sample("task_duration_seconds_sum", kind.Sum(static t => t.TotalMs) / 1000.0, ("queue", queue), ("type", type));
            text.Sample("task_duration_seconds_count", below, ("queue", queue), ("type", type));
        }
    }

    private static void AddQueues(PrometheusText text, IReadOnlyList<QueueDepth> depths)
    {
        text.Metric("pending_tasks_total", "gauge", "Tasks that are due and wait.");
        for (var priority = 1; priority <= 10; priority++)
        {
            var waiting = depths.Sum(d => d.PendingByPriority[priority - 1]);
            text.Sample("pending_tasks_total", waiting, ("priority", priority.ToString(CultureInfo.InvariantCulture)));
        }

        text.Metric("retry_tasks_total", "gauge", "Tasks that wait for their next attempt.")
            .Sample("retry_tasks_total", depths.Sum(static d => d.Retrying));
        text.Metric("tasks_in_dlq_total", "gauge", "Dead letters.").Sample("tasks_in_dlq_total", depths.Sum(static d => d.Failed));
        text.Metric("queue_tasks", "gauge", "Tasks of a queue by status; queues without any are left out.");
        foreach (var depth in MetricLabels.Bounded(depths))
        {
            foreach (var (status, count) in ByStatus(depth))
            {
                text.Sample("queue_tasks", count, ("queue", depth.QueueName), ("status", status));
            }
        }
    }

    private static void AddWorkers(PrometheusText text, IReadOnlyList<ExecutorRow> executors)
    {
        var speaking = executors.Where(static e => e.Speaks).ToList();
        text.Metric("active_workers_total", "gauge", "Workers that report.").Sample("active_workers_total", speaking.Count);
        text.Metric("worker_capacity", "gauge", "Handlers that the workers may run at once.")
            .Sample("worker_capacity", speaking.Sum(static e => e.Capacity));
        text.Metric("worker_load", "gauge", "Handlers that the workers ran at their last report.")
            .Sample("worker_load", speaking.Sum(static e => e.CurrentLoad));
        text.Metric("worker_errors_total", "counter", "Attempts that failed since the worker began.");
        var errors = executors.Index().SelectMany(static one => one.Item.Errors.Index().Select(error => (
            Worker: one.Index < MetricLabels.MostWorkers ? one.Item.Id.ToString("D") : MetricLabels.Other,
            Type: error.Index < MetricLabels.MostTypes ? error.Item.Key : MetricLabels.Other, Count: error.Item.Value)));
        foreach (var group in errors.GroupBy(static one => (one.Worker, one.Type)))
        {
            text.Sample("worker_errors_total", group.Sum(static one => one.Count), ("worker", group.Key.Worker), ("type", group.Key.Type));
        }
    }

    private static (string Status, long Count)[] ByStatus(QueueDepth depth) =>
    [
        ("pending", depth.Pending), ("scheduled", depth.Scheduled), ("retrying", depth.Retrying), ("blocked", depth.Blocked),
        ("dispatched", depth.Dispatched), ("running", depth.Running), ("failed", depth.Failed),
    ];

    private static void Sum<TKey>(
        IReadOnlyList<CounterTotal> totals, Func<CounterTotal, bool> which, Func<CounterTotal, TKey> key, Action<TKey, long> write)
    {
        foreach (var group in totals.Where(which).GroupBy(key))
        {
            write(group.Key, group.Sum(static t => t.Count));
        }
    }

    private static string Bound(string bucket) => bucket == "inf"
        ? "+Inf"
        : (int.Parse(bucket, CultureInfo.InvariantCulture) / 1000.0).ToString("R", CultureInfo.InvariantCulture);
}
