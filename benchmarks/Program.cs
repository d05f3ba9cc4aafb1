using Millrace.Benchmarks;
using Millrace.Benchmarks.Bars;
using Millrace.Benchmarks.Load;
using Millrace.Benchmarks.Micro;
using Millrace.Benchmarks.Pages;
using Millrace.Benchmarks.Simulation;

var plan = BenchPlan.Parse(args);
if (plan is null)
{
    await Console.Error.WriteLineAsync(BenchPlan.Usage);
    return 2;
}

if (plan.Verb == BareEndpoint.Verb)
{
    return await BareEndpoint.ServeAsync();
}

using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(120));
return plan.Verb switch
{
    BulkMemory.Verb => await BulkMemory.RunAsync(plan, stop.Token),
    Simulate.Verb => Simulate.Run(),
    Micro.Verb => Micro.Run(plan),
    Pages.Verb => await Pages.RunAsync(plan, stop.Token),
    _ => await BenchRun.RunAsync(plan, stop.Token),
};
