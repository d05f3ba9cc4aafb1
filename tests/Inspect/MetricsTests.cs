using System.Globalization;
using System.Text.RegularExpressions;
using Millrace.Inspect;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;
using Millrace.Tests.Support;

namespace Millrace.Tests.Inspect;

public sealed partial class MetricsTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string Strange = "a \"b\" \\ c\nd";

    private readonly TaskStore store = database.Store;

    [Fact]
    public async Task The_page_is_Prometheus_text_with_the_promised_names_before_and_after_folding()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var given = new Given(store);
        await given.InAsync(TaskState.Retrying);
        await given.InAsync(TaskState.Succeeded);
        await given.InAsync(TaskState.Failed);
        await given.InAsync(TaskState.Cancelled);
        await given.SubmittedAsync(static t => t with { Type = Strange, Priority = 9 });
        store.Beat(new ExecutorCard(given.Executor, "host", 1, "1", "idle", 4, 0, """{"greet": 3}"""u8.ToArray()), [], Given.Lease);

        await AssertPageAsync(given.Executor);
        await store.FoldCountersAsync(10_000, cancellation);
        await AssertPageAsync(given.Executor);
    }

    [Fact]
    public void A_histogram_is_cumulative_and_ends_with_everything()
    {
        CounterTotal[] totals = [new("q", "t", "succeeded", "10", 3, 20), new("q", "t", "succeeded", "inf", 2, 700_000)];
        var samples = Parse(MetricsText.From(totals, [], []));
        Assert.Equal("0", samples["""task_duration_seconds_bucket{queue="q",type="t",le="0.005"}"""]);
        Assert.Equal("3", samples["""task_duration_seconds_bucket{queue="q",type="t",le="0.01"}"""]);
        Assert.Equal("3", samples["""task_duration_seconds_bucket{queue="q",type="t",le="300"}"""]);
        Assert.Equal("5", samples["""task_duration_seconds_bucket{queue="q",type="t",le="+Inf"}"""]);
        Assert.Equal("5", samples["""task_duration_seconds_count{queue="q",type="t"}"""]);
        Assert.Equal("700.02", samples["""task_duration_seconds_sum{queue="q",type="t"}"""]);
    }

    private async Task AssertPageAsync(ExecutorId executor)
    {
        using var metrics = new MetricsInspector(store, new InspectOptions(), TimeProvider.System);
        var (status, text) = await Answers.ReadAsync(await metrics.GetAsync(TestContext.Current.CancellationToken));
        Assert.Equal(200, status);
        var samples = Parse(text);
        Assert.Equal("4", samples["""task_submissions_total{priority="5",type="greet"}"""]);
        Assert.Equal("1", samples["task_submissions_total{priority=\"9\",type=\"a \\\"b\\\" \\\\ c\\nd\"}"]);
        Assert.Equal("1", samples["""task_completions_total{type="greet",status="succeeded"}"""]);
        Assert.Equal("1", samples["""task_completions_total{type="greet",status="failed"}"""]);
        Assert.Equal("2", samples["""task_failures_total{type="greet",error="broken"}"""]);
        Assert.Equal("1", samples["task_retries_total"]);
        Assert.Equal("1", samples["tasks_in_dlq_total"]);
        Assert.Equal("1", samples["active_workers_total"]);
        Assert.Equal("1", samples["""pending_tasks_total{priority="9"}"""]);
        Assert.Equal("1", samples["retry_tasks_total"]);
        Assert.Equal("3", samples[$$"""worker_errors_total{worker="{{executor}}",type="greet"}"""]);
    }

    /// <summary>Every line is a comment or a sample; every sample's metric was declared just before it, and is there once.</summary>
    private static Dictionary<string, string> Parse(string text)
    {
        Dictionary<string, string> samples = [];
        string? declared = null;
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Declaration().Match(line) is { Success: true } declaration)
            {
                declared = declaration.Groups[1].Value;
                continue;
            }

            var sample = Sample().Match(line);
            Assert.True(sample.Success, line);
            Assert.Matches($"^{declared}(_bucket|_sum|_count)?$", sample.Groups[2].Value);
            Assert.True(double.TryParse(sample.Groups[3].Value, CultureInfo.InvariantCulture, out _));
            samples.Add(sample.Groups[1].Value, sample.Groups[3].Value);
        }

        return samples;
    }

    [GeneratedRegex("^# (?:HELP|TYPE) ([a-z_]+) .+$")]
    private static partial Regex Declaration();

    [GeneratedRegex("""^(([a-z_]+)(?:\{[a-z]+="(?:[^"\\\n]|\\["\\n])*"(?:,[a-z]+="(?:[^"\\\n]|\\["\\n])*")*\})?) (\S+)$""")]
    private static partial Regex Sample();
}
