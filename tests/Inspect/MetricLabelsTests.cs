using Millrace.Inspect;
using Millrace.Store.Rows;

namespace Millrace.Tests.Inspect;

/// <summary>However many names there are, /metrics has a bounded number of series, and their sum is what it was.</summary>
public sealed class MetricLabelsTests
{
    [Fact]
    public void Two_thousand_errors_of_a_type_are_fifty_and_the_others_together()
    {
        var totals = Enumerable.Range(0, 2_000).Select(static n => new CounterTotal("q", "echo", "retried", $"err-{n:D4}", 2, 5)).ToList();

        var bounded = MetricLabels.Bounded(totals);

        Assert.Equal(MetricLabels.MostErrors + 1, bounded.Select(static total => total.Label).Distinct().Count());
        Assert.Equal(4_000, bounded.Sum(static total => total.Count));
        Assert.Equal(51, Samples(MetricsText.From(totals, [], []), "task_failures_total{"));
    }

    [Fact]
    public void An_error_that_is_in_the_books_keeps_its_name_whatever_new_ones_come()
    {
        List<CounterTotal> totals = [.. Enumerable.Range(0, 100).Select(static n => new CounterTotal("q", "echo", "failed", $"a-{n:D4}", 1, 1))];
        totals.Add(new("q", "echo", "failed", "zebra", 1, 1) { IsFolded = true });

        Assert.Contains(MetricLabels.Bounded(totals), static total => total.Label == "zebra");
    }

    [Fact]
    public void Labels_that_are_no_errors_stay_as_they_are()
    {
        var totals = Enumerable.Range(0, 200).Select(static n => new CounterTotal("q", "echo", "accepted", $"{n}", 1, 1)).ToList();

        Assert.Equal(totals, MetricLabels.Bounded(totals));
    }

    [Fact]
    public void Of_thousands_of_types_a_hundred_have_series()
    {
        var totals = Enumerable.Range(0, 3_000).SelectMany(static n => (CounterTotal[])[
            new("q", $"type-{n:D4}", "accepted", "5", 1, 0), new("q", $"type-{n:D4}", "succeeded", "10", 1, 7)]).ToList();

        var text = MetricsText.From(totals, [], []);

        Assert.Equal(101, Samples(text, "task_submissions_total{"));
        Assert.Equal(101, Samples(text, "task_duration_seconds_count{"));
        Assert.Contains("task_duration_seconds_count{queue=\"q\",type=\"other\"} 2900\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_thousands_of_queues_those_that_hold_most_have_series_and_the_others_one_together()
    {
        var depths = Enumerable.Range(1, 1_000).Select(static n => QueueDepth.None($"q-{n:D4}") with { Pending = n, PendingByPriority = [0, 0, 0, 0, n, 0, 0, 0, 0, 0] }).ToList();
        depths.Add(QueueDepth.None("other") with { Running = 5_000 });

        var text = MetricsText.From([], depths, []);

        Assert.Equal(7 * 100, Samples(text, "queue_tasks{"));
        Assert.Contains("queue_tasks{queue=\"q-1000\",status=\"pending\"} 1000\n", text, StringComparison.Ordinal);
        Assert.Contains("queue_tasks{queue=\"other\",status=\"pending\"} 406351\n", text, StringComparison.Ordinal);
        Assert.Contains("queue_tasks{queue=\"other\",status=\"running\"} 5000\n", text, StringComparison.Ordinal);
        Assert.Contains("pending_tasks_total{priority=\"5\"} 500500\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fleet_of_workers_is_added_up_beyond_the_first_hundred()
    {
        var workers = Enumerable.Range(0, 1_000).Select(static _ => new ExecutorRow(
            Guid.CreateVersion7(), "h", 1, "1", "active", 1, 0, default, default, 0, 0, new Dictionary<string, long> { ["echo"] = 1 })).ToList();

        var text = MetricsText.From([], [], workers);

        Assert.Equal(101, Samples(text, "worker_errors_total{"));
        Assert.Contains("worker_errors_total{worker=\"other\",type=\"echo\"} 900\n", text, StringComparison.Ordinal);
    }

    private static int Samples(string text, string start) => text.Split('\n').Count(line => line.StartsWith(start, StringComparison.Ordinal));
}
