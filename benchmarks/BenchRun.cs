namespace Millrace.Benchmarks;

/// <summary>Brings up servers and a host, runs what was asked for, and prints the table and the JSON.</summary>
internal static class BenchRun
{
    internal static async Task<int> RunAsync(BenchPlan plan, CancellationToken cancellation)
    {
        var report = new BenchReport();
        await using var stage = await BenchStage.StartAsync(plan, cancellation);
        if (plan.Wants("bulk") || plan.Wants("drain"))
        {
            await new BulkAndDrain(stage, plan, report).RunAsync(cancellation);
        }

        if (plan.Wants("single"))
        {
            await new SingleSubmit(stage, plan, report).RunAsync(cancellation);
        }

        if (plan.Wants("latency"))
        {
            await new StartLatency(stage, report).RunAsync(cancellation);
        }

        if (plan.Peers is { } script)
        {
            await Peers.RunAsync(script, stage, plan.Jobs, report, cancellation);
        }

        report.Print();
        return 0;
    }
}
