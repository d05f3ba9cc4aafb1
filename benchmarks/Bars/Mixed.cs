using System.Globalization;
using System.Text;
using Millrace.Benchmarks.Load;

namespace Millrace.Benchmarks.Bars;

/// <summary>P7: ten queues, all priorities, a fifth of the tasks fails once, a tenth has a key. Dependencies are not there yet.</summary>
internal static class Mixed
{
    private const int Queues = 10;

    internal static async Task RunAsync(BenchPlan plan, BenchReport report, CancellationToken cancellation)
    {
        await using var stage = await BenchStage.StartAsync(plan, cancellation);
        await TaskRound.WarmUpAsync(stage, plan.Jobs / 5, cancellation);
        await new TaskRound(stage, Queues).RunAsync(plan.Jobs / 5, Lines(), cancellation);
        var (plain, mixed) = (new (double Bulk, double Drain)[plan.Rounds], new (double Bulk, double Drain)[plan.Rounds]);
        for (var round = 0; round < plan.Rounds; round++)
        {
            // In turn: a machine's speed changes within minutes, and the bar is a ratio.
            plain[round] = await new TaskRound(stage).RunAsync(plan.Jobs, TaskRound.NoOp, cancellation);
            mixed[round] = await new TaskRound(stage, Queues).RunAsync(plan.Jobs, Lines(), cancellation);
        }

        BulkAndDrain.Tell(report, " beside mixed tasks", plain);
        report.Add("millrace", "bulk add of mixed tasks", "tasks/s", [.. mixed.Select(static round => round.Bulk)]);
        report.Add("millrace", Figures.Mixed, "tasks/s", [.. mixed.Select(static round => round.Drain)]);
    }

    /// <summary>With keys that no round before had.</summary>
    private static Action<StringBuilder, string, int> Lines()
    {
        var keys = Guid.CreateVersion7();
        return (text, queue, i) => Line(text, queue, i, keys);
    }

    /// <summary>Those that fail try again soon: what is measured is work, not the wait of the last.</summary>
    private static void Line(StringBuilder text, string queue, int i, Guid keys)
    {
        var fails = i % 5 == 0;
        text.Append(CultureInfo.InvariantCulture, $$"""{"type":"{{(fails ? "fail" : "echo")}}","queue_name":"{{queue}}","priority":{{1 + (i / 7 % 10)}},""");
        if (fails)
        {
            text.Append("\"retry_delay_seconds\":0.1,\"retry_backoff\":1,");
        }

        if (i % 10 == 3)
        {
            text.Append(CultureInfo.InvariantCulture, $"\"external_id\":\"{keys}-{i}\",");
        }

        text.Append(fails ? "\"data\":{\"until_attempt\":2" : "\"data\":{\"even\":false")
            .Append(CultureInfo.InvariantCulture, $",\"id\":{i},\"text\":\"{TaskRound.Filling}\"}}}}");
    }
}
