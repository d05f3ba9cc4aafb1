using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Millrace.Local;

namespace Millrace.Benchmarks.Bars;

/// <summary>P10: from a process to its first answer, beside servers that run; and from `dotnet run --project local` to a finished task, data kept.</summary>
internal static class Start
{
    internal static async Task RunAsync(BenchPlan plan, BenchReport report, CancellationToken cancellation)
    {
        var answers = new double[plan.Rounds];
        await using (var stage = await BenchStage.StartAsync(plan, cancellation))
        {
            for (var round = 0; round < plan.Rounds; round++)
            {
                var watch = Stopwatch.StartNew();
                await using var host = await BenchHost.StartAsync(stage.Servers, stage.Postgres, plan.Data + "-host-2", null, cancellation);
                using var answer = await host.Client.GetAsync(new Uri("health", UriKind.Relative), cancellation);
                answer.EnsureSuccessStatusCode();
                answers[round] = watch.Elapsed.TotalSeconds;
            }
        }

        report.Add("millrace", Figures.FirstAnswer, "s", answers);
        var tasks = new double[plan.Rounds + 1];
        for (var round = 0; round < tasks.Length; round++)
        {
            tasks[round] = await FirstTaskAsync(plan, cancellation);
        }

        // The first made the data that the others keep.
        report.Add("millrace", Figures.FirstTask, "s", tasks[1..]);
    }

    private static async Task<double> FirstTaskAsync(BenchPlan plan, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = Repository.Root() };
        string[] arguments = ["run", "--project", "local", "-c", "Release", "--", "--data", plan.Data + "-laptop", "--port", "0"];
        var watch = Stopwatch.StartNew();
        await using var host = await BenchHost.StartAsync(start, arguments, cancellation);
        using var content = new StringContent("""{"type":"echo","data":1}""", Encoding.UTF8, "application/json");
        using var accepted = await host.Client.PostAsync(new Uri("api/v1/tasks", UriKind.Relative), content, cancellation);
        using var task = JsonDocument.Parse(await accepted.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(cancellation));
        var result = new Uri($"api/v1/tasks/{task.RootElement.GetProperty("id").GetGuid()}/result?wait=30s", UriKind.Relative);
        using var ended = await host.Client.GetAsync(result, cancellation);
        ended.EnsureSuccessStatusCode();
        var took = watch.Elapsed.TotalSeconds;
        await host.StopAsync();
        return took;
    }
}
