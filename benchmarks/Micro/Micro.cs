using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Millrace.Benchmarks.Micro;

/// <summary>Time and allocation of the functions that every task passes through, without servers. BenchmarkDotNet, in this process: most of them are internal.</summary>
internal static class Micro
{
    internal const string Verb = "micro";

    internal static int Run(BenchPlan plan)
    {
        var config = ManualConfig.Create(DefaultConfig.Instance)
            .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .WithArtifactsPath(plan.Data + "-micro");
        var summaries = BenchmarkRunner.Run([typeof(SubmitPath), typeof(ExecutePath)], config);
        return summaries.Length > 0 && summaries.All(static summary => summary.Reports.Length > 0 && summary.Reports.All(static report => report.Success)) ? 0 : 1;
    }
}
