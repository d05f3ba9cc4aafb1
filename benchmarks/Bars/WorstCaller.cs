using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Millrace.Benchmarks.Bars;

/// <summary>R7: what another caller's tasks wait while one does the worst that it can, again and again.</summary>
internal sealed class WorstCaller(Uri url, CancellationToken cancellation) : IDisposable
{
    internal const string Verb = "worst-caller";
    internal const string Nobody = "nobody";

    private const string Queues = "10,000 queues";
    private const string Faults = "a million faults";
    private const string Waits = "1,000 waits";
    private const string Endless = "2,000 endless tasks";

    private static readonly TimeSpan UntilItBites = TimeSpan.FromSeconds(5);

    /// <summary>Without a pause it is what a sender does who sends more than two processors can run, and everybody waits.</summary>
    private static readonly TimeSpan BetweenFloods = TimeSpan.FromSeconds(20);

    private readonly HttpClient client = new() { BaseAddress = url, Timeout = TimeSpan.FromMinutes(2) };

    /// <summary>The last one ends with its servers.</summary>
    internal static IReadOnlyList<string> Abuses { get; } = [Queues, Faults, Waits, Endless];

    internal static string Beside(string abuse) => Figures.Hot + Figures.P99 + ", beside " + abuse;

    internal static async Task RunAsync(BenchPlan plan, BenchReport report, CancellationToken cancellation)
    {
        await using var stage = await BenchStage.StartAsync(plan, cancellation);
        await Load.TaskRound.WarmUpAsync(stage, plan.Jobs / 5, cancellation);
        var latency = new StartLatency(stage, plan, report);
        await latency.MeasureAsync(cancellation);
        foreach (var abuse in Abuses.Where(abuse => plan.Only is null || abuse.Contains(plan.Only, StringComparison.Ordinal)).Prepend(Nobody))
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            using var caller = new WorstCaller(stage.Host.Url, over.Token);
            var abusing = caller.AbuseAsync(abuse);
            await Task.Delay(UntilItBites, TimeProvider.System, cancellation);
            var (p50, p99) = (new double[plan.Rounds], new double[plan.Rounds]);
            for (var round = 0; round < plan.Rounds; round++)
            {
                var took = await latency.MeasureAsync(cancellation);
                (p50[round], p99[round]) = (BenchReport.Percentile(took, 0.5), BenchReport.Percentile(took, 0.99));
            }

            report.Add("millrace", Figures.Hot + Figures.P50 + ", beside " + abuse, "ms", p50);
            report.Add("millrace", Beside(abuse), "ms", p99);
            await over.CancelAsync();
            report.Add("millrace", "answers to the one with " + abuse, "answers", await abusing);
            if (abuse != Endless)
            {
                await stage.UntilAsync("NOT EXISTS (SELECT FROM tasks WHERE due_at < now() + interval '1 minute')", cancellation);
            }
        }
    }

    public void Dispose() => client.Dispose();

    /// <returns>How many answers it got.</returns>
    private async Task<double> AbuseAsync(string abuse)
    {
        var answers = 0;
        try
        {
            if (abuse == Endless)
            {
                await SendAsync("api/v1/tasks/bulk", Lines(2_000, static _ => """{"type":"sleep","queue_name":"endless","priority":10,"data":{"seconds":80000}}"""));
                return 1;
            }

            var path = abuse == Waits ? await WaitPathAsync() : "";
            var body = abuse switch { Queues => ManyQueuesBody(), Faults => FaultsBody(), _ => [] };
            while (abuse != Nobody)
            {
                await (abuse switch
                {
                    Waits => Task.WhenAll(Enumerable.Range(0, 1_000).Select(_ => AskAsync(path))),
                    Queues => SendAsync("api/v1/tasks/bulk", body),
                    _ => SendAsync("api/v1/tasks", body, "application/json"),
                });
                answers++;
                await (abuse == Queues ? Task.Delay(BetweenFloods, TimeProvider.System, cancellation) : Task.CompletedTask);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // It is stopped.
        }

        return answers;
    }

    private static byte[] ManyQueuesBody() =>
        Lines(10_000, static n => string.Create(CultureInfo.InvariantCulture, $$$"""{"type":"fail","queue_name":"worst-{{{n}}}","data":{"until_attempt":1}}"""));

    /// <summary>Ten thousand items with a hundred unknown members each.</summary>
    private static byte[] FaultsBody()
    {
        var item = "{" + string.Join(',', Enumerable.Range(0, 100).Select(static n => string.Create(CultureInfo.InvariantCulture, $"\"a{n}\":1"))) + "}";
        return Encoding.UTF8.GetBytes("[" + string.Join(',', Enumerable.Repeat(item, 10_000)) + "]");
    }

    private static byte[] Lines(int count, Func<int, string> line) => Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, count).Select(line)) + "\n");

    private async Task<string> WaitPathAsync()
    {
        using var content = new StringContent("""{"type":"fail","queue_name":"worst-waits","delay_seconds":600,"data":{"until_attempt":1}}""", Encoding.UTF8, "application/json");
        using var response = await client.PostAsync(new Uri("api/v1/tasks", UriKind.Relative), content, cancellation);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellation));
        return $"api/v1/tasks/{answer.RootElement.GetProperty("id").GetGuid()}/result?wait=60s";
    }

    private async Task AskAsync(string path)
    {
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), cancellation);
    }

    /// <summary>Whatever the answer: it means to be a nuisance.</summary>
    private async Task SendAsync(string path, byte[] body, string type = "application/x-ndjson")
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        using var response = await client.PostAsync(new Uri(path, UriKind.Relative), content, cancellation);
    }
}
