using System.Diagnostics;
using System.Globalization;
using System.Net;
using Millrace.Benchmarks.Load;
using Spectre.Console;

namespace Millrace.Benchmarks.Pages;

/// <summary>
/// P11. Every page over HTTP, one request after the other, at 1 M live, 5 M finished and 100,000 dead tasks. Each round asks for each page once, so
/// statements see changing parameters, as they do in use. What is otherwise kept for a second is read each time; the timers rest, so
/// that the database stays as it was filled.
/// </summary>
internal static class Pages
{
    internal const string Verb = "pages";

    private const double BarMs = 200;

    /// <summary>After these the statements are prepared, and PostgreSQL has chosen its kind of plan for them.</summary>
    private const int WarmUp = 8;

    private static readonly Dictionary<string, string> Settings = new()
    {
        ["AzureWebJobs.Dispatch.Disabled"] = "true",
        ["AzureWebJobs.Heal.Disabled"] = "true",
        ["AzureWebJobs.Housekeep.Disabled"] = "true",
        ["Millrace__Inspect__KeptMilliseconds"] = "0",
    };

    /// <returns>1 when a page is too slow.</returns>
    internal static async Task<int> RunAsync(BenchPlan plan, CancellationToken cancellation)
    {
        await using var stage = await BenchStage.StartAsync(plan, cancellation, Settings);
        if (!await stage.AskAsync<bool>("SELECT EXISTS (SELECT FROM queues WHERE name = 'queue_19')", cancellation))
        {
            await SeedScript.FillAsync(stage, "pages-seed.sql", cancellation);
        }

        await stage.DoAsync("UPDATE queues SET paused = false", cancellation);
        var sample = new PageSample(stage);
        await sample.ReadAsync(cancellation);
        var pages = new PageList(sample).All().Where(page => plan.Only is null || page.Name.Contains(plan.Only, StringComparison.Ordinal)).ToList();
        var took = pages.ToDictionary(static page => page, static _ => new List<double>());
        for (var n = 0; n < WarmUp + plan.Jobs; n++)
        {
            foreach (var page in pages.Where(static page => page.Requests is null))
            {
                await AskAsync(stage, page, n, n < WarmUp ? null : took[page], cancellation);
            }
        }

        foreach (var page in pages.Where(static page => page.Requests is not null))
        {
            for (var n = 0; n < page.Requests; n++)
            {
                await AskAsync(stage, page, n, took[page], cancellation);
            }
        }

        // A host dispatches when it starts; the next run is to find what this one found.
        await stage.DoAsync("UPDATE queues SET paused = true", cancellation);
        return Print(took);
    }

    private static async Task AskAsync(BenchStage stage, Page page, int n, List<double>? took, CancellationToken cancellation)
    {
        var path = page.Path(n);
        var watch = Stopwatch.StartNew();
        using var answer = await stage.Client.GetAsync(new Uri(path, UriKind.Relative), cancellation);
        var body = await answer.Content.ReadAsByteArrayAsync(cancellation);
        took?.Add(watch.Elapsed.TotalMilliseconds);

        // Health may well say that it is not: no timer runs.
        if (!answer.IsSuccessStatusCode && !(page.MayBeUnwell && answer.StatusCode == HttpStatusCode.ServiceUnavailable))
        {
            throw new InvalidOperationException($"{path}: {(int)answer.StatusCode} {System.Text.Encoding.UTF8.GetString(body)}");
        }
    }

    private static int Print(Dictionary<Page, List<double>> took)
    {
        var table = new Table().Border(TableBorder.Markdown).AddColumns("page", "min", "p50", "p95", "max", "ms, p95 within 200?");
        var slow = 0;
        foreach (var (page, times) in took)
        {
            double[] values = [.. times];
            var (p50, p95) = (BenchReport.Median(values), BenchReport.Percentile(values, 0.95));
            var holds = p95 <= BarMs;
            slow += page.IsBarred && !holds ? 1 : 0;
            table.AddRow(page.Name, Show(values.Min()), Show(p50), Show(p95), Show(values.Max()), page.IsBarred ? holds ? "yes" : "NO" : "-");
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"page":"{{page.Name}}","requests":{{values.Length}},"min_ms":{{values.Min():0.0}},"p50_ms":{{p50:0.0}},"p95_ms":{{p95:0.0}},"max_ms":{{values.Max():0.0}},"bar_ms":{{(page.IsBarred ? "200" : "null")}},"holds":{{(page.IsBarred ? holds ? "true" : "false" : "null")}}}"""));
        }

        AnsiConsole.Profile.Width = 200;
        AnsiConsole.Write(table);
        Console.WriteLine(slow == 0 ? "Every page holds the bar of 200 ms." : $"{slow} pages do not hold the bar of 200 ms.");
        return slow == 0 ? 0 : 1;
    }

    private static string Show(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);
}
